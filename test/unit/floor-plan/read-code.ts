/** A source file without its comments and without what its strings say. */
export type Code = {
  /** The program text; comments, strings and regular expressions are blank, line ends are kept. */
  readonly text: string
  /** What is imported by name: `import`, `export … from`, `import()`, `import()` types, `require()`. */
  readonly imports: readonly string[]
  /** Whether something is imported whose name the program works out. */
  readonly importsUnknown: boolean
}

type Piece = { readonly kind: 'code' | 'string' | 'blank'; readonly text: string }

const beforeRegex = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|await|yield|void))\s*$/
const beforeName = /(?:\bfrom|\bimport|\b(?:import|require|import\.meta\.resolve|getBuiltinModule)\s*\()\s*$/

export function readCode(source: string): Code {
  const imports: string[] = []
  let text = ''
  for (const piece of split(source)) {
    if (piece.kind === 'string' && beforeName.test(text)) imports.push(piece.text.slice(1, -1))
    text += piece.kind === 'code' ? piece.text : blank(piece)
  }
  return { text, imports, importsUnknown: /\b(?:import|require)\s*\(\s*[^\s"')]/.test(text) }
}

/** A string keeps its quotes, and a template its first one, so that what stands around it can still be read. */
function blank(piece: Piece): string {
  const empty = piece.text.replace(/[^\n]/g, ' ')
  if (piece.kind === 'string') return `"${empty.slice(1, -1)}"`
  return piece.text.startsWith('`') ? `\`${empty.slice(1)}` : empty
}

function* split(source: string): Generator<Piece> {
  // Depths of braces at which a `}` leads back into a template literal.
  const templates: number[] = []
  let depth = 0
  let code = ''
  let position = 0
  while (position < source.length) {
    const isBack = source[position] === '}' && templates.at(-1) === depth
    if (isBack) templates.pop()
    const piece = isBack ? template(source, position) : special(source, position, code)
    if (piece === undefined) {
      const character = source[position] ?? ''
      depth += character === '{' ? 1 : character === '}' ? -1 : 0
      code = (code + character).slice(-80)
      yield { kind: 'code', text: character }
      position += 1
      continue
    }
    if (piece.text.endsWith('${')) templates.push(depth)
    code = piece.kind === 'string' ? `${code}"` : `${code} `
    yield piece
    position += piece.text.length
  }
}

/** The comment, string or regular expression that begins here, if one does. */
function special(source: string, position: number, before: string): Piece | undefined {
  const character = source[position] ?? ''
  if (character === '`') return template(source, position)
  const match = (pattern: RegExp) => {
    pattern.lastIndex = position
    return pattern.exec(source)?.[0]
  }
  const comment = match(/\/\/[^\n]*|\/\*.*?\*\//sy) ?? (position === 0 ? match(/#![^\n]*/y) : undefined)
  if (comment !== undefined) return { kind: 'blank', text: comment }
  const string = match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/sy)
  if (string !== undefined) return { kind: 'string', text: string }
  if (character !== '/' || !beforeRegex.test(before)) return undefined
  const regex = match(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y)
  return regex === undefined ? undefined : { kind: 'blank', text: regex }
}

/** A piece of a template literal: from its start or a `}` to the next `${` or its end. */
function template(source: string, position: number): Piece {
  const pattern = /.(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)?/sy
  pattern.lastIndex = position
  return { kind: 'blank', text: pattern.exec(source)?.[0] ?? '`' }
}
