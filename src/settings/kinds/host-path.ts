import { posix } from 'node:path'
import { escapeControl } from '../escape.ts'
import type { Kind } from '../setting.ts'
import { text } from './text.ts'

type PathRules = {
  readonly expects: string
  /** Characters refused besides those that no generated file can carry. */
  readonly refused?: RegExp
  /** In bytes. */
  readonly longest?: number
  /** Whether a relative path may be given, to be anchored by whoever knows the directory. */
  readonly relative?: boolean
  /** What else can be wrong with it. */
  readonly problem?: (value: string) => string | null
}

// PATH_MAX of Linux, which counts the closing NUL.
const longestPath = 4095

// sun_path (unix(7)) has room for 107 bytes; the longest name in it is `/control.sock`.
const longestSocketDirectory = 94

// Quotes and backslashes end or begin something in every format; an invisible character makes a path read as another.
const unfit = /["'`\\\p{Cf}]/u

/** What no path in an nginx file may hold: there is no way to write a literal $, and the others end words or match many names. */
export const unfitForNginx = /[;{}$#<>|*?[\]]/

/** A path on the host the bundle is for. Spaces, % and letters of any script are carried. */
export function hostPath(rules: PathRules): Kind<string> {
  const kind = text({ placeholder: 'PATH', expects: rules.expects, problem: (value) => pathProblem(value, rules) })
  return rules.relative ? { ...kind, anchor: (value, directory) => posix.resolve(directory, value) } : kind
}

/** A directory for sockets: the kernel limits the length, and in a shared one others could take the names. */
export const socketDirectory: Kind<string> = hostPath({
  expects: 'an absolute path for the sockets',
  refused: unfitForNginx,
  longest: longestSocketDirectory,
  problem: (value) =>
    /^\/(?:tmp|var\/tmp|dev\/shm)$/.test(value) ? 'every user may write there; name a directory below it' : null,
})

function pathProblem(value: string, rules: PathRules): string | null {
  const found = unfit.exec(value) ?? rules.refused?.exec(value)
  if (found) return `"${escapeControl(found[0])}" is not allowed in this path`
  const bytes = Buffer.byteLength(value)
  const longest = rules.longest ?? longestPath
  if (bytes > longest) return `${bytes} bytes, ${longest} are allowed`
  return shapeProblem(value, rules.relative ?? false) ?? rules.problem?.(value) ?? null
}

function shapeProblem(value: string, relative: boolean): string | null {
  if (value === '') return 'the path is empty'
  if (value.startsWith('~')) return '~ is expanded by shells only; write the path in full'
  if (!relative && !value.startsWith('/')) return 'it does not begin with /'
  if (value.split('/').includes('..')) return 'it has .. in it'
  if (value.split('/').some((part) => part !== part.trim())) return 'a part of it begins or ends with a space'
  if (!value.startsWith('/')) return null
  return value === '/' || (value === posix.normalize(value) && !value.endsWith('/'))
    ? null
    : `write it as ${posix.normalize(value).replace(/(.)\/$/, '$1')}`
}
