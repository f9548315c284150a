import { describeFailure } from './describe-failure.ts'
import { type LogLevel, levels } from './levels.ts'

/** What nothing can be written of is told in its place. */
const unreadable = '[cannot be written]'

/** Makes records of one process: pino's JSON, in one line. Throws what reading a field throws. */
export type Compose = (level: LogLevel, fields: Readonly<Record<string, unknown>>, message: string) => string

/** `base` are the fields of every record. */
export function composer(base: Readonly<Record<string, unknown>>): Compose {
  const always = members(base)
  return (level, fields, message) => {
    const head = `{"level":"${level}","time":"${new Date().toISOString()}"`
    return `${head}${always}${members(fields)},"msg":${JSON.stringify(String(message))}}\n`
  }
}

/** Whether a record of this level is wanted where records from `least` on are. */
export function isWanted(level: LogLevel, least: LogLevel): boolean {
  return levels[level].value >= levels[least].value
}

function members(fields: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const key of Object.keys(fields)) {
    const value = fields[key]
    const json = asJson(key === 'err' ? describeFailure(value) : value)
    if (json !== undefined) text += `,${JSON.stringify(key)}:${json}`
  }
  return text
}

/** Undefined for what JSON has no word for, such as a function. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return asFarAsPossible(value)
  }
}

/** A ring, a BigInt or a getter that throws costs only itself, not the rest of the record. */
function asFarAsPossible(value: unknown): string {
  const above: unknown[] = []
  try {
    return JSON.stringify(value, function (this: unknown, _key: string, part: unknown) {
      if (typeof part === 'bigint') return String(part)
      if (typeof part !== 'object' || part === null) return part
      while (above.length > 0 && above.at(-1) !== this) above.pop()
      if (above.includes(part)) return '[Circular]'
      above.push(part)
      return part
    })
  } catch {
    return JSON.stringify(unreadable)
  }
}
