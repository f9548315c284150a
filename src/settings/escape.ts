const longestEcho = 120

// Control characters would let a value rewrite the reader's terminal, and bidirectional marks let it read as another.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Writes control and invisible characters as `\n`, `\x1b`, `\u202e`: what is left is safe on a terminal and one line long. */
export function escapeControl(text: string): string {
  return text.replace(unprintable, escapeCharacter)
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

/** A text as a complaint repeats it: quoted, escaped, and cut when long. */
export function quote(text: string): string {
  const cut = text.length > longestEcho
  return `"${escapeControl(cut ? text.slice(0, longestEcho) : text)}"${cut ? `… (${text.length} characters)` : ''}`
}

/** A value from a config file as a complaint repeats it. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  if (typeof value === 'bigint') return `${value}n`
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list, ${shorten(value.map(showValue).join(', '))}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function shorten(text: string): string {
  return text.length > longestEcho ? `${text.slice(0, longestEcho)}…` : text
}
