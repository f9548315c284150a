/** A directive of an nginx configuration; with a block, what stands in its braces. */
export type Directive = {
  readonly name: string
  readonly words: readonly string[]
  readonly block: readonly Directive[] | null
}

/** Files of a configuration by their path. */
export type NginxFiles = ReadonlyMap<string, string>

// Deeper than anything nginx allows in an http block.
const deepest = 20

/** Reads a configuration. What nginx would refuse is read as far as it goes. */
export function parseNginx(text: string): readonly Directive[] {
  return readBlock(tokenize(text), { at: 0, depth: 0 })
}

/** The files in what `nginx -T` prints: each after a line `# configuration file /path:`. */
export function splitDump(dump: string): NginxFiles {
  const [, ...rest] = dump.split(/^# configuration file (.+):$/m)
  const files = new Map<string, string>()
  for (let index = 0; index + 1 < rest.length; index += 2) files.set(rest[index] ?? '', rest[index + 1] ?? '')
  return files
}

/** The directives of one file with those it includes in the place of each `include`. */
export function expand(path: string, files: NginxFiles, depth = 0): readonly Directive[] {
  const inner = (directives: readonly Directive[]): readonly Directive[] =>
    directives.flatMap((one): readonly Directive[] => {
      const [pattern = ''] = one.words
      if (one.name === 'include' && depth < deepest)
        return matching(pattern, files).flatMap((found) => expand(found, files, depth + 1))
      return [one.block === null ? one : { ...one, block: inner(one.block) }]
    })
  return inner(parseNginx(files.get(path) ?? ''))
}

/** Every directive of a name, however deep. */
export function findAll(directives: readonly Directive[], name: string): readonly Directive[] {
  return directives.flatMap((one) => [...(one.name === name ? [one] : []), ...findAll(one.block ?? [], name)])
}

/** The words of the first directive of a name in this block itself, as one text; null without one. */
export function textOf(directives: readonly Directive[], name: string): string | null {
  return directives.find((one) => one.name === name)?.words.join(' ') ?? null
}

function matching(pattern: string, files: NginxFiles): readonly string[] {
  const expression = new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`)
  return [...files.keys()].filter((path) => expression.test(path)).sort()
}

type Token = { readonly text: string; readonly quoted: boolean }
type Cursor = { at: number; readonly depth: number }

function readBlock(tokens: readonly Token[], cursor: Cursor): readonly Directive[] {
  const directives: Directive[] = []
  let words: string[] = []
  while (cursor.at < tokens.length) {
    const { text, quoted } = tokens[cursor.at] ?? { text: '', quoted: false }
    cursor.at += 1
    if (quoted || !['{', '}', ';'].includes(text)) {
      words.push(text)
      continue
    }
    if (text === '}') return directives
    const [name = '', ...rest] = words
    words = []
    if (text === ';') directives.push({ name, words: rest, block: null })
    else if (cursor.depth > deepest) return directives
    else directives.push({ name, words: rest, block: enter(tokens, cursor) })
  }
  return directives
}

function enter(tokens: readonly Token[], cursor: Cursor): readonly Directive[] {
  const below = { at: cursor.at, depth: cursor.depth + 1 }
  const block = readBlock(tokens, below)
  cursor.at = below.at
  return block
}

// A brace after a $ belongs to a variable: ${name}. A comment begins where a word could.
const token = /\s+|#[^\n]*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([{};])|((?:\$\{[^}]*\}|\\.|[^\s{};])+)/gsy

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (const [, double, single, mark, word] of text.matchAll(token)) {
    const quoted = double ?? single
    if (quoted !== undefined) tokens.push({ text: quoted.replaceAll(/\\(["'\\])/g, '$1'), quoted: true })
    else if (mark !== undefined) tokens.push({ text: mark, quoted: false })
    else if (word !== undefined) tokens.push({ text: word, quoted: false })
  }
  return tokens
}
