/** A directive of an nginx file: its words, unquoted, and what is in its braces. */
export type Directive = { readonly words: readonly string[]; readonly block: readonly Directive[] | null }

type Token = { readonly text: string; readonly quoted: boolean }

/** Reads an nginx file as nginx does: comments begin at a word, quotes hold a word together, a backslash keeps a sign. */
export function parseNginx(text: string): readonly Directive[] {
  const tokens = tokenize(text)
  let at = 0
  const readBlock = (isTop: boolean): readonly Directive[] => {
    const directives: Directive[] = []
    let words: string[] = []
    for (; at < tokens.length; at += 1) {
      const token = tokens[at] as Token
      if (token.quoted || !/^[;{}]$/.test(token.text)) words.push(token.text)
      else if (token.text === '}') {
        if (isTop || words.length > 0) throw new Error('a brace too many')
        return directives
      } else {
        if (words.length === 0) throw new Error(`nothing before ${token.text}`)
        at += token.text === '{' ? 1 : 0
        directives.push({ words, block: token.text === '{' ? readBlock(false) : null })
        words = []
      }
    }
    if (!isTop || words.length > 0) throw new Error('the file ends too early')
    return directives
  }
  return readBlock(true)
}

function tokenize(text: string): readonly Token[] {
  const pattern =
    /\s+|#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|[;{}]|(?:[^\s;{}\\"'#$]|\\.|\$\{\w+\}|\$\w*|(?<=\S)["'#])+/gsy
  const tokens: Token[] = []
  let end = 0
  for (const found of text.matchAll(pattern)) {
    end = found.index + found[0].length
    const quoted = found[1] ?? found[2]
    if (quoted !== undefined) tokens.push({ text: quoted.replace(/\\(.)/gs, '$1'), quoted: true })
    else if (!/^[\s#]/.test(found[0])) tokens.push({ text: found[0], quoted: false })
  }
  if (end !== text.length) throw new Error(`not nginx: ${text.slice(end, end + 40)}`)
  return tokens
}

/** All directives of a name, wherever they stand. */
export function findAll(directives: readonly Directive[], name: string): readonly Directive[] {
  return directives.flatMap((directive) => [
    ...(directive.words[0] === name ? [directive] : []),
    ...findAll(directive.block ?? [], name),
  ])
}

/** The names of all directives as they are nested: what an injected value would change. */
export function skeleton(directives: readonly Directive[]): string {
  return directives
    .map(({ words, block }) => `${words[0]}/${words.length}${block === null ? '' : `{${skeleton(block)}}`}`)
    .join(' ')
}
