import type { Debugger } from 'node:inspector'
import { fileURLToPath } from 'node:url'

/** How many functions of a stack are told. */
export const deepestFrame = 30

/** A function on the stack as people read it: `block /srv/app/app.js:12:5`. */
export function describeFrame({ functionName, location }: Debugger.CallFrame, url = '(unknown)'): string {
  const file = url.startsWith('file:') ? fileURLToPath(url) : url
  return `${functionName || '(anonymous)'} ${file}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`
}
