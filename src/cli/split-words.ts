const space = /\s+/y
const bare = /[^\s'"\\]+/y
const single = /'([^']*)'/y
const double = /"((?:[^"\\]|\\[\s\S])*)"/y
const escaped = /\\([\s\S])/y

/**
 * Splits a text into words as a shell does: at white space, with '…', "…" and \ as in sh, and nothing expanded.
 * Returns null when a quote is not closed.
 */
export function splitWords(text: string): readonly string[] | null {
  const words: string[] = []
  let word: string | null = null
  for (let at = 0; at < text.length; ) {
    const gap = match(space, text, at)
    if (gap !== null) {
      if (word !== null) words.push(word)
      word = null
      at += gap.length
      continue
    }
    const piece = readPiece(text, at)
    if (piece === null) return null
    word = (word ?? '') + piece.value
    at += piece.length
  }
  return word === null ? words : [...words, word]
}

function readPiece(text: string, at: number): { readonly value: string; readonly length: number } | null {
  for (const pattern of [bare, single, double, escaped]) {
    const found = match(pattern, text, at)
    if (found !== null) return { value: pattern === double ? unquoted(found.value) : found.value, length: found.length }
  }
  return null
}

function match(pattern: RegExp, text: string, at: number) {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  return found === null ? null : { value: found[1] ?? found[0], length: found[0].length }
}

// Within double quotes a backslash is itself, but before these (POSIX shell, 2.2.3).
function unquoted(text: string): string {
  return text.replace(/\\([$`"\\])/g, '$1')
}
