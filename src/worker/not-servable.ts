import { readFileSync } from 'node:fs'
import { Failure } from '../contract/errors.ts'
import { distance } from '../settings/suggest.ts'
import { describeExports, describeValue } from './describe-value.ts'
import { type Found, usualNames } from './find-export.ts'
import { isHttp2 } from './is-http2.ts'
import type { Target } from './locate.ts'
import { recognise } from './recognise.ts'

const forms =
  'a request listener, an Express, Koa, Fastify, Nest or Hono application, an http.Server, an object with fetch(), or a function that makes one of these'

/** The module was loaded, but there is nothing in it to serve: says what was looked for and what there is. */
export function notServable(target: Target, namespace: unknown, found: Found | null): Failure {
  const { path, exportName } = target
  if (found !== null) {
    const message = `${path} exports ${describeValue(found.value)} as ${JSON.stringify(found.name)}, which cannot be served`
    return new Failure('APP_LOAD', message, { fix: remedy(found.value) })
  }
  const exports = describeExports(namespace)
  if (exportName !== null) {
    const message = `${path} has no export ${JSON.stringify(exportName)}; it exports ${exports}`
    const meant = nearest(exportName, namespace)
    return new Failure('APP_LOAD', message, { fix: `Name one of its exports: ${path}:${meant ?? 'EXPORT'}` })
  }
  const names = usualNames.join(', ')
  const message = `${path} exports ${exports} and does not listen; looked for the exports ${names}${condition(path)}`
  const servable = namesOf(namespace).find((name) => recognise(Reflect.get(Object(namespace), name)) !== null)
  if (servable !== undefined) return new Failure('APP_LOAD', message, { fix: `Is it this one? ${path}:${servable}` })
  return new Failure('APP_LOAD', message, { fix: `Export ${forms}, or let the module call listen().` })
}

/** What to do about values that are close to an application. */
function remedy(value: unknown): string {
  if (isHttp2(value)) {
    return 'HTTP/2 is spoken with the client by tsicorn or the proxy: export the same listener with createServer of node:http.'
  }
  if (typeof value === 'function') return 'Export an instance of the class, or a function that makes the application.'
  const { handler, stack } = Object(value) as { handler?: unknown; stack?: unknown }
  if (typeof handler === 'function' && Array.isArray(stack))
    return 'Of h3 before version 2, export toNodeListener(app).'
  return `Export ${forms}.`
}

function nearest(asked: string, namespace: unknown): string | undefined {
  return namesOf(namespace).find((name) => name !== 'default' && distance(asked, name) <= 2)
}

function namesOf(namespace: unknown): readonly string[] {
  return typeof namespace === 'object' && namespace !== null ? Object.keys(namespace) : []
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
