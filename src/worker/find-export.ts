import { recognise } from './recognise.ts'

/** The export names tried in turn when none is given. */
export const usualNames = ['default', 'app', 'handler', 'server'] as const

export type Found = { readonly name: string; readonly value: unknown }

/**
 * The export that is asked for, or the first of the usual ones that can be served. When none can, the first that is
 * there at all, so that an error can say what it is; null when there is none.
 */
export function findExport(namespace: unknown, asked: string | null): Found | null {
  const names = asked === null ? usualNames : [asked]
  const present = names.flatMap((name) => {
    const value = exportOf(namespace, name)
    return value === undefined ? [] : [{ name, value }]
  })
  return present.find(({ value }) => recognise(value) !== null) ?? present[0] ?? null
}

/** A CommonJS module is all in its default export, and one that a compiler made of an ES module holds a default again. */
function exportOf(namespace: unknown, path: string): unknown {
  const whole = reach(namespace, 'default')
  const value = path === 'default' ? whole : (reach(namespace, path) ?? reach(whole, path))
  const inner = reach(value, '__esModule') === true ? reach(value, 'default') : undefined
  return inner ?? (isEmpty(value) ? undefined : value)
}

/** Dots reach inside: `routes.api`. */
function reach(start: unknown, path: string): unknown {
  let value = start
  for (const name of path.split('.')) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
    value = Reflect.get(value, name)
  }
  return value
}

/** What a CommonJS module exports when it exports nothing. */
function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0
}
