import { duration } from './kinds/duration.ts'
import { list } from './kinds/list.ts'
import { memoryLimit } from './kinds/memory-limit.ts'
import { optional } from './kinds/optional.ts'
import { text } from './kinds/text.ts'
import { ownPath } from './kinds/url-path.ts'
import { type SettingsTable, setting } from './setting.ts'

const credentialName = text({
  placeholder: 'NAME',
  expects: 'names of letters, digits, _, - and ., at most 64 long, such as database-password',
  problem: (value) => (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(value) ? null : 'not of that shape'),
})

/** Deploying and uninstalling wait for a stop to end, but not for ever. */
const longestDelay = 120_000

/** What the service manager gives the service, and how much of it. */
export const siteService = {
  memory: setting({
    section: 'Service',
    kind: memoryLimit,
    default: '80%',
    summary: 'the most memory the service may take: a share of the machine, a size, or off',
    details:
      'From nine tenths of it on the kernel slows the service down and takes memory back; at the limit it ends the largest worker, which is replaced. Several sites on one host share its memory: give each its part.',
    takesEffect: 'restart',
  }),
  statusPath: setting({
    section: 'Service',
    kind: optional(ownPath),
    default: null,
    summary: 'a path that the server itself answers with 200 or 503, for balancers in front of this host',
    details:
      'Through nginx it says whether this host is to get requests: 503 while the service is about to stop, or closed for maintenance. The application never sees a request for it.',
    takesEffect: 'restart',
  }),
  drainDelay: setting({
    section: 'Service',
    kind: duration({ min: 0, max: longestDelay }),
    default: 0,
    summary: 'how long a service that is to stop still serves while its status path says 503',
    details:
      'The interval of the balancers in front of this host, times the failures they wait for. The time that systemd gives a stop is longer by as much.',
    takesEffect: 'restart',
  }),
  credentials: setting({
    section: 'Service',
    kind: list(credentialName, { expects: credentialName.expects, separator: ',', key: (name) => name }),
    default: [],
    summary: 'secrets that only root can read on disk; the application finds each as a file in $CREDENTIALS_DIRECTORY',
    details:
      'Each is a file in the folder credentials of the configuration directory. systemd hands a copy to the service, in memory that is never swapped; it is in no environment and so in no list of processes.',
    takesEffect: 'restart',
  }),
} as const satisfies SettingsTable
