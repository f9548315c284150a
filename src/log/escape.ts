// C0 and C1 controls, line and paragraph separators, and the marks that reorder text on a screen (Unicode TR 36, 9.2).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

const shortForms: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Makes text safe for a log line: what a client or an application says can neither begin a new line nor drive the terminal of its reader.
 * Text that is JSON stays the same JSON, since its serializer leaves only characters which JSON may also write as `\uXXXX`.
 */
export function escapeControls(text: string): string {
  return text.replace(
    unsafe,
    (character) => shortForms[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
