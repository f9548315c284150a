import { account } from '../kinds/account.ts'
import { choice } from '../kinds/choice.ts'
import { displayName } from '../kinds/names.ts'
import { optional } from '../kinds/optional.ts'
import { fileOrDash, path } from '../kinds/path.ts'
import { onOff } from '../kinds/switch.ts'
import { type SettingsTable, setting } from '../setting.ts'

/** Who the processes are, and what they write. */
export const processSettings = {
  user: setting({
    section: 'Process',
    kind: optional(account('user')),
    default: null,
    short: 'u',
    synonyms: ['uid'],
    summary: 'run the workers as this user',
    details: `Needs root. The master opens the sockets and stays root; each worker gives up root before it loads the application, and cannot get it back.`,
    takesEffect: 'restart',
  }),
  group: setting({
    section: 'Process',
    kind: optional(account('group')),
    default: null,
    short: 'g',
    synonyms: ['gid'],
    summary: "run the workers as this group; the user's own if not given",
    details: `Needs root. A unix socket belongs to this group, so a proxy that is a member of it may connect.`,
    takesEffect: 'restart',
  }),
  pid: setting({
    section: 'Process',
    kind: optional(path({ placeholder: 'FILE', expects: 'the path of a file' })),
    default: null,
    short: 'p',
    synonyms: ['pidfile', 'pidPath'],
    summary: 'write the pid of the master to this file',
    details: 'A file that names a running master stops a second one from starting. It is removed on the way out.',
    takesEffect: 'restart',
  }),
  controlSocket: setting({
    section: 'Process',
    kind: optional(path({ placeholder: 'PATH', expects: 'the path of a unix socket' })),
    default: null,
    summary: 'answer tsicorn ctl on this unix socket',
    details: `Only root and the user the master runs as may ask: the socket has mode 0600, and the kernel is asked who is at the other end. Off unless set.

While tsicorn deploy --check has left its pass beside it (PATH.pass), the server answers that check below a secret path: see tsicorn docs control.`,
    takesEffect: 'restart',
  }),
  daemon: setting({
    section: 'Process',
    kind: onOff,
    default: false,
    short: 'D',
    synonyms: ['daemonize', 'background', 'detach'],
    summary: 'run in the background, in a session of its own without a terminal',
    details: `The command returns when the server is ready, with status 0, or when it could not start, with the status it would have had in the foreground and the reason on the terminal.

A daemon has no terminal to write to, so errorLogfile has to name a file (/dev/null where nothing is wanted). What the application prints goes to that file too, and follows it when USR1 opens it anew. Relative paths mean what they mean in the foreground: the working directory stays.

Not for systemd, nor for a container: there the foreground is right, and under NOTIFY_SOCKET or LISTEN_FDS it is refused.`,
    takesEffect: 'restart',
  }),
  name: setting({
    section: 'Process',
    kind: optional(displayName),
    default: null,
    short: 'n',
    synonyms: ['procName', 'title'],
    summary: 'a name for ps and the log; the name of the application file if not given',
    details:
      'Shown as "tsicorn: master [NAME]" and "tsicorn: worker [NAME]". It tells several servers on one machine apart.',
    takesEffect: 'restart',
  }),
  errorLogfile: setting({
    section: 'Logging',
    kind: fileOrDash({ placeholder: 'FILE', expects: 'the path of a file, or - for standard error' }),
    default: '-',
    synonyms: ['errorlog', 'logFile', 'log', 'errorLog'],
    summary: 'where the server logs; - is standard error',
    details: `In which form is up to logFormat. USR1 opens the file anew after logrotate has renamed it.`,
    takesEffect: 'restart',
  }),
  logLevel: setting({
    section: 'Logging',
    kind: choice(['debug', 'info', 'warning', 'error', 'critical']),
    default: 'info',
    synonyms: ['level', 'verbosity'],
    summary: 'the least important records to log',
    details:
      'From the most talkative to the most quiet. What the application itself writes is not touched, unless captureOutput makes records of it.',
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
