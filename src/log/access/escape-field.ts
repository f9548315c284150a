// Everything but printable ASCII, and the two characters that a reader of quoted fields trips over. Node's HTTP parser
// gives the bytes of a request as Latin-1, so each unit is a byte, as in nginx's and Apache's logs.
const unsafe = /["\\]|[^\u0020-\u007e]/
const everyUnsafe = new RegExp(unsafe, 'g')

/** A value as it stands in a line: `\xHH` for what could end the line, the field, or drive a terminal; `-` for nothing. */
export function escapeField(value: string | undefined): string {
  if (value === undefined || value === '') return '-'
  return unsafe.test(value) ? value.replace(everyUnsafe, escapeCharacter) : value
}

function escapeCharacter(character: string): string {
  return [...Buffer.from(character, character.charCodeAt(0) < 0x100 ? 'latin1' : 'utf8')]
    .map((byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}
