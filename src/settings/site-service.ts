import { list } from './kinds/list.ts'
import { memoryLimit } from './kinds/memory-limit.ts'
import { text } from './kinds/text.ts'
import { type SettingsTable, setting } from './setting.ts'

const credentialName = text({
  placeholder: 'NAME',
  expects: 'names of letters, digits, _, - and ., at most 64 long, such as database-password',
  problem: (value) => (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(value) ? null : 'not of that shape'),
})

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
