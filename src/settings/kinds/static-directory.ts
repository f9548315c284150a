import { posix } from 'node:path'
import { read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'
import { hostPath, unfitForNginx } from './host-path.ts'
import { list } from './list.ts'

/** Files that nginx serves itself: `/assets/logo.png` is `logo.png` in the directory for the prefix `/assets/`. */
export type StaticDirectory = { readonly prefix: string; readonly directory: string }

const directoryKind = hostPath({
  expects: 'a directory',
  relative: true,
  refused: unfitForNginx,
  problem: (value) => (neverServed.test(value) ? 'files in it are not for the world' : null),
})

// Trees with keys, passwords or other people's files in them, or that are no file trees at all.
const neverServed = /^\/(?:(?:etc|root|proc|sys|dev|boot|run)(?:\/.*)?|home|usr|var|bin|sbin|lib|opt|srv|tmp)?$/

const staticDirectory: Kind<StaticDirectory, string | StaticDirectory> = {
  placeholder: 'URLPREFIX=DIR',
  expects: 'URLPREFIX=DIR, such as /assets/=/srv/app/public',
  repeatable: false,
  parse: parsePair,
  accept: (value) => (typeof value === 'string' ? parsePair(value) : acceptObject(value)),
  format: ({ prefix, directory }) => `${prefix}=${directory}`,
  anchor: ({ prefix, directory }, base) => ({ prefix, directory: posix.resolve(base, directory) }),
}

/** Directories of static files by URL prefix. A text holds one: paths may have commas in them. */
export const staticDirectories = list(staticDirectory, {
  expects: staticDirectory.expects,
  separator: null,
  key: ({ prefix }) => prefix,
})

function parsePair(text: string): Reading<StaticDirectory> {
  const at = text.indexOf('=')
  return at < 0 ? refuse('there is no = in it') : check(text.slice(0, at), text.slice(at + 1))
}

function acceptObject(value: unknown): Reading<StaticDirectory> {
  if (typeof value !== 'object' || value === null) return refuse()
  const { prefix, directory, ...rest } = value as Record<string, unknown>
  if (typeof prefix !== 'string' || typeof directory !== 'string' || Object.keys(rest).length > 0)
    return refuse('not an object of prefix and directory')
  return check(prefix, directory)
}

function check(prefix: string, directory: string): Reading<StaticDirectory> {
  // Without a closing slash on both sides, `/assets../` would step out of the directory (alias traversal).
  const closed = prefix.endsWith('/') ? prefix : `${prefix}/`
  const problem = prefixProblem(closed)
  if (problem !== null) return refuse(problem)
  const reading = directoryKind.parse(directory)
  return reading.ok ? read({ prefix: closed, directory }) : refuse(`the directory: ${reading.problem}`)
}

function prefixProblem(prefix: string): string | null {
  if (prefix === '/') return 'the prefix / would hide the application'
  if (!/^\/[\w.~/-]+$/.test(prefix)) return 'the prefix begins with / and has letters, digits, ., _, ~ and - in it'
  if (prefix.includes('//')) return 'the prefix has a doubled slash'
  return prefix.includes('/.') ? 'a part of the prefix begins with a dot' : null
}
