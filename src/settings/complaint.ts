import { Failure } from '../contract/errors.ts'
import { escapeControl } from './escape.ts'
import type { Complaint } from './resolve.ts'

/** A complaint as one line: `command line: --workers: expected a whole number from 1 to 512, or auto, got "0"`. */
export function formatComplaint({ source, setting, expected, got, hint }: Complaint): string {
  const place = [source, setting].filter((part) => part !== '').join(': ')
  const text = `expected ${expected}${got === '' ? '' : `, got ${got}`}${hint === '' ? '' : `; ${hint}`}`
  return escapeControl(`${place}: ${text}`)
}

/** A failure for each complaint. */
export function failuresOf(complaints: readonly Complaint[]): readonly Failure[] {
  return complaints.map((complaint) => new Failure('CONFIG_INVALID', formatComplaint(complaint)))
}

/** One failure for several: a line each, and the next steps of all. A single one stays what it is. */
export function together(failures: readonly Failure[]): Failure {
  const [only, second] = failures
  if (only !== undefined && second === undefined) return only
  const fixes = failures.flatMap(({ fix }) => fix ?? [])
  return new Failure(
    'CONFIG_INVALID',
    [`${failures.length} things are wrong:`, ...failures.map(({ message }) => message)].join('\n'),
    fixes.length === 0 ? {} : { fix: fixes.join('\n') },
  )
}
