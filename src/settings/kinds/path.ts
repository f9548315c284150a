import { resolve } from 'node:path'
import type { Kind } from '../setting.ts'
import { text } from './text.ts'

// PATH_MAX of Linux, which counts the closing NUL.
const longestPath = 4095

type PathRules = { readonly placeholder: string; readonly expects: string }

/** A file or directory. A relative one is taken from the working directory. */
export function path(rules: PathRules): Kind<string> {
  return {
    ...text({ ...rules, problem: pathProblem }),
    anchor: (value, directory) => resolve(directory, value),
  }
}

/** A file to write, or `-` for the standard stream. */
export function fileOrDash(rules: PathRules): Kind<string> {
  return {
    ...path(rules),
    anchor: (value, directory) => (value === '-' ? value : resolve(directory, value)),
  }
}

function pathProblem(value: string): string | null {
  if (value === '') return 'the path is empty'
  if (value.startsWith('~')) return '~ is expanded by shells only; write the path in full'
  return Buffer.byteLength(value) > longestPath ? `longer than ${longestPath} bytes` : null
}
