import { stripVTControlCharacters } from 'node:util'

/** A line of the server's log for people: a JSON record as its level and message, anything else as it is. */
export function readableLine(line: string): string {
  if (!line.startsWith('{')) return stripVTControlCharacters(line)
  try {
    const { level, msg, fix } = JSON.parse(line)
    if (typeof msg !== 'string' || typeof level !== 'string') return line
    return `${level}: ${msg}${typeof fix === 'string' ? ` ${fix}` : ''}`
  } catch {
    return line
  }
}
