import { choice } from '../kinds/choice.ts'
import { logHook } from '../kinds/hook.ts'
import { optional } from '../kinds/optional.ts'
import { onOff } from '../kinds/switch.ts'
import { defaultSyslog, syslogAddress } from '../kinds/syslog-address.ts'
import { text } from '../kinds/text.ts'
import { type SettingsTable, setting } from '../setting.ts'
import { syslogFacilities } from '../syslog-facilities.ts'

/** APP-NAME has 48 characters (RFC 5424, 6), of which `tsicorn.` and `.access` take 15. */
const syslogPrefix = text({
  placeholder: 'NAME',
  expects: 'letters, digits, ., _ and -, at most 33 of them',
  problem: (value) => (/^[\w.-]{1,33}$/.test(value) ? null : 'not of that shape'),
})

const facility = choice(Object.keys(syslogFacilities) as readonly (keyof typeof syslogFacilities)[])

/** How the server's own records look, and where else they go. */
export const errorLogSettings = {
  logFormat: setting({
    section: 'Logging',
    kind: choice(['auto', 'pretty', 'plain', 'json', 'journal']),
    default: 'auto',
    synonyms: ['errorLogformat', 'errorLogFormat', 'logformat'],
    summary: 'the form of the error log; auto looks at where it goes',
    details: `auto is pretty on a terminal, journal where standard error leads to the journal of systemd, and json everywhere else, files included.

pretty and plain: [2026-11-20 15:26:41 +0000] [PID] [INFO] message, as Gunicorn writes it; pretty has colours on a terminal, unless NO_COLOR is set.
json: an object a line, with level, time, pid, event, msg and what else is known. What each event means: tsicorn docs events. For people: pino-pretty -x warning:40,critical:60 < FILE.
journal: <PRIORITY>message, which journald files by its priority.

In every form a record is one line, and control characters are written as \\uXXXX.`,
    takesEffect: 'restart',
  }),
  captureOutput: setting({
    section: 'Logging',
    kind: onOff,
    default: false,
    synonyms: ['catchOutput', 'captureStdout'],
    summary: 'what the application prints goes to the error log, with the id of its worker',
    details: `Each line becomes a record of the event worker.output: info for standard output, warning for standard error, so logLevel applies. The master reads it through a pipe, to the last byte also when a worker crashes. The application's own view changes in that its output is a pipe instead of what the server's is.

A line is cut at 16 KB. A worker that prints more than 10,000 lines or 4 MB within a second is not slowed down: what is beyond is counted, and the count is told.

Without it the application prints to where the server's own standard output and standard error lead.`,
    takesEffect: 'reload',
  }),
  logSyslog: setting({
    section: 'Logging',
    kind: onOff,
    default: false,
    synonyms: ['syslog'],
    summary: 'send the error log and the access log to syslog as well',
    details: `In addition to errorLogfile and accessLogfile. Access lines go there even without an accessLogfile, in the form of accessLogformat, unless disableRedirectAccessToSyslog is set. A syslog daemon that is slow or gone never holds anything up: up to 1 MB of lines is kept for it, those beyond are counted, and the count is told when it is back.`,
    takesEffect: 'restart',
  }),
  logSyslogTo: setting({
    section: 'Logging',
    kind: syslogAddress,
    default: defaultSyslog,
    synonyms: ['syslogAddr', 'syslogAddress'],
    summary: 'where the syslog daemon listens',
    details: `udp://HOST:PORT, tcp://HOST:PORT (514 if no port is given), unix:///PATH#dgram or unix:///PATH#stream (a datagram socket if not said, as /dev/log is). Over TCP each message comes with its length in front (RFC 6587, 3.4.1). UDP and TCP are neither encrypted nor authenticated: keep them on this machine or a private network.`,
    takesEffect: 'restart',
  }),
  logSyslogPrefix: setting({
    section: 'Logging',
    kind: optional(syslogPrefix),
    default: null,
    synonyms: ['syslogPrefix'],
    summary: 'what syslog knows this server by; its name if not given',
    details: 'Messages are from tsicorn.PREFIX.error and tsicorn.PREFIX.access.',
    takesEffect: 'restart',
  }),
  logSyslogFacility: setting({
    section: 'Logging',
    kind: { ...facility, placeholder: 'FACILITY' },
    default: 'user',
    synonyms: ['syslogFacility'],
    summary: 'the facility by which syslog sorts the messages',
    details: 'local0 to local7 are free for whatever a host likes to sort by.',
    takesEffect: 'restart',
  }),
  logSyslogFormat: setting({
    section: 'Logging',
    kind: choice(['auto', 'rfc5424', 'local']),
    default: 'auto',
    synonyms: ['syslogFormat'],
    summary: 'the form of messages to syslog',
    details: `rfc5424 has the event as MSGID, and event, worker and request id as structured data. local is what syslog(3) writes to /dev/log: a time, a name with pid, and the message. journald, and rsyslog in its default setup, read nothing else on a unix socket, so auto is local there and rfc5424 over UDP and TCP.`,
    takesEffect: 'restart',
  }),
  disableRedirectAccessToSyslog: setting({
    section: 'Logging',
    kind: onOff,
    default: false,
    summary: 'keep access lines out of syslog',
    details: 'With logSyslog they go there too unless this is set.',
    takesEffect: 'restart',
  }),
  logger: setting({
    section: 'Logging',
    kind: optional(logHook),
    default: null,
    only: 'file',
    synonyms: ['loggerClass', 'logHook'],
    summary: 'a function that gets each record of the error log: logger(record)',
    details: `In addition to errorLogfile; with /dev/null there, instead of it. The record is the object that a JSON line holds, frozen: level, time, pid, event, msg and what else is known. Master and workers each call the function for the records of their own, workers in the process of the application. It is called when the record has been written, from a queue, so nothing it does holds up what is logged.

One that throws or rejects is told in the log as hook.failed, at most once a second, and not handed those records. At most 1,000 records wait for it, or for promises of it that have not settled; those beyond are counted and told.`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
