import { environmentPrefix } from './names.ts'
import type { SettingsTable } from './setting.ts'

/** The setting that was probably meant by a name no row has, or null. Spelling of the place does not matter. */
export function suggest(table: SettingsTable, written: string): string | null {
  const wanted = plain(written)
  const names = Object.entries(table).flatMap(([name, row]) =>
    [name, ...(row.synonyms ?? [])].map((word) => ({ name, distance: distance(wanted, plain(word)) })),
  )
  const best = names.reduce((one, other) => (other.distance < one.distance ? other : one), {
    name: '',
    distance: Number.POSITIVE_INFINITY,
  })
  return best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null
}

function plain(name: string): string {
  const bare = name.startsWith(environmentPrefix) ? name.slice(environmentPrefix.length) : name
  return bare
    .slice(0, 40)
    .replace(/[^a-z\d]/gi, '')
    .toLowerCase()
}

/** How many letters must be put in, taken out, changed or swapped with their neighbour (optimal string alignment). */
export function distance(from: string, to: string): number {
  let before: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const changed = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const swapped =
        from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
          ? (before[column - 2] ?? changed) + 1
          : changed
      current[column] = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, changed, swapped)
    }
    before = previous
    previous = current
  }
  return previous.at(-1) ?? 0
}
