/** Where a text is not JSON, counted from 1, and why. */
export class JsonProblem extends Error {
  override readonly name = 'JsonProblem'
  readonly line: number
  readonly column: number

  constructor(message: string, place: { readonly line: number; readonly column: number }) {
    super(message)
    this.line = place.line
    this.column = place.column
  }
}

type Reader = { readonly text: string; at: number; depth: number }

const deepest = 50
const space = /[ \t\r\n]*/y
const string = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"/iuy
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/iy

/**
 * Reads JSON as RFC 8259 has it. Unlike JSON.parse it says line and column of what is wrong, whatever the version of
 * Node, and refuses an object that has one name twice, where one of the two values would be obeyed in silence.
 */
export function parseJson(text: string): unknown {
  const reader: Reader = { text, at: 0, depth: 0 }
  const value = readValue(reader)
  skipSpace(reader)
  if (reader.at < text.length) throw problem(reader, 'expected the end of the file')
  return value
}

function readValue(reader: Reader): unknown {
  skipSpace(reader)
  const next = reader.text[reader.at]
  if (next === '{') return nested(reader, readObject)
  if (next === '[') return nested(reader, readArray)
  if (next === '"') return readString(reader)
  const word = match(reader, scalar)
  if (word === null) throw problem(reader, unexpected(reader, 'a value'))
  return parseScalar(reader, word)
}

// The words are lower case in JSON; only the exponent's e may be upper.
function parseScalar(reader: Reader, word: string): unknown {
  try {
    return JSON.parse(word)
  } catch {
    reader.at -= word.length
    throw problem(reader, 'expected true, false or null in small letters')
  }
}

function nested(reader: Reader, readInner: (reader: Reader) => unknown): unknown {
  reader.depth += 1
  if (reader.depth > deepest) throw problem(reader, `expected at most ${deepest} levels`)
  reader.at += 1
  const value = readInner(reader)
  reader.depth -= 1
  return value
}

function readObject(reader: Reader): Record<string, unknown> {
  const entries = new Map<string, unknown>()
  readItems(reader, '}', () => {
    const start = reader.at
    if (reader.text[start] !== '"') throw problem(reader, unexpected(reader, 'a name in double quotes'))
    const name = readString(reader)
    if (entries.has(name)) throw problem({ ...reader, at: start }, `${JSON.stringify(name)} stands here a second time`)
    skipSpace(reader)
    if (!take(reader, ':')) throw problem(reader, unexpected(reader, 'a colon'))
    entries.set(name, readValue(reader))
  })
  return Object.fromEntries(entries)
}

function readArray(reader: Reader): unknown[] {
  const items: unknown[] = []
  readItems(reader, ']', () => items.push(readValue(reader)))
  return items
}

function readItems(reader: Reader, close: string, readItem: () => void): void {
  skipSpace(reader)
  if (take(reader, close)) return
  for (;;) {
    skipSpace(reader)
    readItem()
    skipSpace(reader)
    if (take(reader, close)) return
    if (!take(reader, ',')) throw problem(reader, unexpected(reader, `a comma or ${close}`))
    skipSpace(reader)
    if (reader.text[reader.at] === close) throw problem(reader, `expected no comma before ${close}`)
  }
}

function readString(reader: Reader): string {
  const found = match(reader, string)
  if (found === null)
    throw problem(reader, 'expected a text that is closed on its line and has only the escapes of JSON')
  return JSON.parse(found)
}

function skipSpace(reader: Reader): void {
  match(reader, space)
  if (reader.text.startsWith('//', reader.at) || reader.text.startsWith('/*', reader.at))
    throw problem(reader, 'expected no comment: JSON has none, a .js or .ts file has')
}

function match(reader: Reader, pattern: RegExp): string | null {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.text)?.[0] ?? null
  reader.at += found?.length ?? 0
  return found
}

function take(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false
  reader.at += 1
  return true
}

function unexpected(reader: Reader, expected: string): string {
  const code = reader.text.codePointAt(reader.at)
  return `expected ${expected}, got ${code === undefined ? 'the end of the file' : JSON.stringify(String.fromCodePoint(code))}`
}

function problem({ text, at }: Reader, message: string): JsonProblem {
  const lines = text.slice(0, at).split('\n')
  return new JsonProblem(message, { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 })
}
