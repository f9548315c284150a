import { escapeControls } from '../escape.ts'
import { cutText } from '../fit.ts'

/** What one message says. */
export type SyslogEntry = {
  /** Severity, 0 to 7. */
  readonly priority: number
  readonly at: Date
  readonly pid: number
  readonly event: string
  /** What machines should find without reading the text. */
  readonly facts: Readonly<Record<string, string | number | undefined>>
  readonly text: string
}

export type SyslogSender = {
  readonly facility: number
  readonly host: string
  /** The name of the program. */
  readonly tag: string
  readonly form: 'rfc5424' | 'local'
}

/** The longest message in bytes: what rsyslog takes unless told otherwise. */
export const longestMessage = 8096

/** Number 32473 is that of examples (RFC 5612): there is none of our own to name our structured data by. */
const dataId = 'tsicorn@32473'

export type ComposeSyslog = (entry: SyslogEntry) => Buffer

/** Makes messages without a line break, of at most `longestMessage` bytes. */
export function composeSyslog({ facility, host, tag, form }: SyslogSender): ComposeSyslog {
  const [name, from] = [word(tag, 48), word(host, 255)]
  const head = ({ at, pid, event, facts }: SyslogEntry): string =>
    form === 'local'
      ? `${localTime(at)} ${name}[${pid}]:`
      : `1 ${at.toISOString()} ${from} ${name} ${pid} ${word(event, 32)} ${structured(event, facts)}`
  return (entry) => {
    const begin = `<${facility * 8 + entry.priority}>${head(entry)} `
    return Buffer.from(`${begin}${cutText(escapeControls(entry.text), longestMessage - Buffer.byteLength(begin))}`)
  }
}

/** A name of printable ASCII without spaces; `-` for none (RFC 5424, 6). */
function word(text: string, longest: number): string {
  const plain = text.replace(/[^!-~]/g, '_').slice(0, longest)
  return plain === '' ? '-' : plain
}

const longestFact = 200

function structured(event: string, facts: SyslogEntry['facts']): string {
  const fields = Object.entries({ event, ...facts }).filter(([, value]) => value !== undefined)
  const parameters = fields.map(([name, value]) => ` ${name}="${quote(String(value).slice(0, longestFact))}"`)
  return `[${dataId}${parameters.join('')}]`
}

/** RFC 5424, 6.3.3. */
function quote(value: string): string {
  return escapeControls(value).replace(/["\\\]]/g, '\\$&')
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const two = (value: number, filling: string): string => String(value).padStart(2, filling)

/** `Nov  6 09:08:07`, in local time (RFC 3164, 4.1.2). */
function localTime(at: Date): string {
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => two(part, '0')).join(':')
  return `${months[at.getMonth()]} ${two(at.getDate(), ' ')} ${clock}`
}
