import { showValue } from '../escape.ts'

/**
 * Where in a config file an error arose, and what it says, in one line. Syntax errors have line and column; for
 * errors thrown while it runs only the line is sure, because the text has been transpiled.
 */
export function locate(error: unknown, path: string): { readonly place: string; readonly message: string } {
  if (!(error instanceof Error)) return { place: path, message: `threw ${showValue(error)}` }
  return (
    syntaxError(error) ?? {
      place: thrownAt(error, path),
      message: `threw ${oneLine(`${error.name}: ${error.message}`)}`,
    }
  )
}

/** Babel, within jiti, ends its message with the place; its columns begin at 0. */
function syntaxError(error: Error) {
  const found = /^ParseError: (.*?)\s*\n\s*(.+):(\d+):(\d+)\s*$/s.exec(error.message)
  if (found === null) return null
  const [, message = '', file, line, column] = found
  return { place: `${file}:${line}:${Number(column) + 1}`, message: `syntax error: ${oneLine(message)}` }
}

function thrownAt(error: Error, path: string): string {
  const stack = error.stack ?? ''
  const start = stack.indexOf(`${path}:`, stack.indexOf('\n    at '))
  const line = start === -1 ? null : /^:(\d+)/.exec(stack.slice(start + path.length))
  return line === null ? path : `${path}:${line[1]}`
}

function oneLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
