import { accessAtoms } from '../access-format.ts'
import { accessFormat } from '../kinds/access-format.ts'
import { optional } from '../kinds/optional.ts'
import { fileOrDash } from '../kinds/path.ts'
import { type SettingsTable, setting } from '../setting.ts'

const accessAtomList = Object.entries(accessAtoms)
  .map(([name, meaning]) => `%(${name})s: ${meaning}`)
  .join('\n')

/** What is written of each request. */
export const accessLogSettings = {
  accessLogfile: setting({
    section: 'Logging',
    kind: optional(fileOrDash({ placeholder: 'FILE', expects: 'the path of a file, or - for standard output' })),
    default: null,
    synonyms: ['accesslog', 'accessLog'],
    summary: 'write a line for each request to this file; - is standard output',
    details: `Off unless set: a proxy in front usually writes an access log already. Refused requests have their line too, and nothing that a client sends can end a line or reach a terminal.

Each worker writes whole lines, many at a time and at most a fifth of a second late. What cannot be written, because the disk is full or nobody reads the pipe, is kept for a while, then counted and told in the error log; requests are served all the same. USR1 opens the file anew: lines of before go to the file that logrotate has renamed, those after it to the new one.`,
    takesEffect: 'reload',
  }),
  accessLogformat: setting({
    section: 'Logging',
    kind: accessFormat,
    default: 'combined',
    synonyms: ['accessLogFormat', 'accessFormat'],
    summary: 'what a line holds: combined, common, json, or names such as %(h)s',
    details: `The names are Gunicorn's, so its formats can be taken over, with one difference: %(h)s is the client and not the proxy, whose address is %(peer)s.

${accessAtomList}

%({HEADER}i)s is a header of the request, %({HEADER}o)s one of the answer, %({VARIABLE}e)s a variable of CGI such as REMOTE_ADDR. What is missing reads -. Quotes, backslashes and everything outside printable ASCII are written as \\xHH.

json writes an object a line, with the same facts under names of their own.`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
