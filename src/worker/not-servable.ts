import { readFileSync } from 'node:fs'
import { Failure } from '../contract/errors.ts'
import { describeExports, describeValue } from './describe-value.ts'
import { type Found, usualNames } from './find-export.ts'
import type { Target } from './locate.ts'

const forms =
  'a request listener, an Express, Koa, Fastify, Nest or Hono application, an http.Server, an object with fetch(), or a function that makes one of these'

/** The module was loaded, but there is nothing in it to serve: says what was looked for and what there is. */
export function notServable(target: Target, namespace: unknown, found: Found | null): Failure {
  const { path, exportName } = target
  if (found !== null) {
    const message = `${path} exports ${describeValue(found.value)} as ${JSON.stringify(found.name)}, which cannot be served`
    return new Failure('APP_LOAD', message, { fix: `Export ${forms}.` })
  }
  const exports = describeExports(namespace)
  if (exportName !== null) {
    const message = `${path} has no export ${JSON.stringify(exportName)}; it exports ${exports}`
    return new Failure('APP_LOAD', message, { fix: `Name one of its exports: ${path}:EXPORT` })
  }
  const names = usualNames.join(', ')
  const message = `${path} exports ${exports} and does not listen; looked for the exports ${names}${condition(path)}`
  return new Failure('APP_LOAD', message, { fix: `Export ${forms}, or let the module call listen().` })
}

/** A module that listens only as the main program does not listen here: the main program is ours. */
function condition(path: string): string {
  try {
    const match = /require\.main\s*===?\s*module|import\.meta\.main/.exec(readFileSync(path, 'utf8'))
    return match === null ? '' : `. It seems to listen only when it is run directly (${match[0]})`
  } catch {
    return ''
  }
}
