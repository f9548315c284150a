import { dirname } from 'node:path'

/** Files named by a path or a pattern. */
export type Glob = {
  /** The directory below which all matches are. */
  readonly base: string
  /** Whether there can be matches further down than in `base` itself. */
  readonly deep: boolean
  readonly matches: (path: string) => boolean
}

const wild = /[*?{[]/
const tokens = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|\[[^\]/]+\]|[.+^$()|\\[\]{}]/g

/** Reads an absolute path in which `*`, `?`, `**`, `[a-z]` and `{a,b}` may stand for others, as in a shell. */
export function readGlob(pattern: string): Glob {
  const parts = pattern.split('/')
  const first = parts.findIndex((part) => wild.test(part))
  if (first < 0) return { base: dirname(pattern), deep: false, matches: (path) => path === pattern }
  const expression = new RegExp(`^${expressionOf(pattern)}$`)
  return {
    base: parts.slice(0, first).join('/') || '/',
    deep: first < parts.length - 1 || pattern.includes('**'),
    matches: (path) => expression.test(path),
  }
}

function expressionOf(text: string): string {
  return text.replaceAll(tokens, (token) => {
    if (token === '**/') return '(?:[^/]+/)*'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    if (token.length === 1) return `\\${token}`
    if (token.startsWith('[')) return token.replace('[!', '[^')
    return `(?:${token.slice(1, -1).split(',').map(expressionOf).join('|')})`
  })
}
