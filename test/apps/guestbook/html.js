const escapes = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is HTML already. */
export function raw(text) {
  return { text }
}

/** A template whose values are escaped, unless they are HTML made by `html` or `raw`; lists are joined. */
export function html(strings, ...values) {
  return raw(strings.map((part, index) => (index === 0 ? part : write(values[index - 1]) + part)).join(''))
}

function write(value) {
  if (Array.isArray(value)) return value.map(write).join('\n')
  if (typeof value === 'object' && value !== null) return value.text
  return String(value).replace(/[&<>"']/g, (character) => escapes[character])
}
