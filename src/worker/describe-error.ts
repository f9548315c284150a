import { fileURLToPath } from 'node:url'

/** How many places on the way to an error are told. */
const longestTrail = 4

/**
 * An error in one line: what it says, and where in the application it came from, innermost first.
 * Frames of Node and of ours tell an operator nothing, so they are left out.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `${show(error)} was thrown`
  const words = `${error.name}: ${firstLine(error.message)}`
  const trail = placesOf(error).slice(0, longestTrail)
  return trail.length === 0 ? words : `${words} (at ${trail.join(', from ')})`
}

/** The same for an error that reached the end of the process, and by which way it came. */
export function describeUncaught(error: unknown, origin: NodeJS.UncaughtExceptionOrigin): string {
  const words = error instanceof Error ? describeError(error) : show(error)
  return origin === 'unhandledRejection' ? `nobody handled a promise rejected with ${words}` : `nobody caught ${words}`
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trimEnd()
}

function placesOf(error: Error): readonly string[] {
  const lines = (error.stack ?? '').split('\n')
  const places = lines.flatMap((line) => placeIn(line) ?? [])
  return [...new Set(places)].filter((place) => !isForeign(place))
}

/** `file:line` or `file:line:column` in a line of a stack. A syntax error has it in a line of its own. */
function placeIn(line: string): string | null {
  const [, place] =
    /^ +at (?:async )?(?:.* \()?((?:file:\/\/)?\/[^()]+:\d+:\d+)\)?$/.exec(line) ??
    /^ ?((?:file:\/\/)?\/.+:\d+)$/.exec(line) ??
    []
  if (place === undefined) return null
  if (!place.startsWith('file:')) return place
  const [, url = place, position = ''] = /^(.*?)((?::\d+){1,2})$/.exec(place) ?? []
  return fileURLToPath(url.replace(/\?.*$/, '')) + position
}

const here = fileURLToPath(new URL('..', import.meta.url))

function isForeign(place: string): boolean {
  return place.startsWith(here) || /\/node_modules\/(?:jiti|tsx)\//.test(place)
}
