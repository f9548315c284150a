import { Failure } from '../contract/errors.ts'
import { describeValue } from './describe-value.ts'

type Act = () => unknown

/** What a module wants done before its application serves, and after it has answered its last request. */
export type AppLife = { readonly startup: Act | null; readonly shutdown: Act | null }

/**
 * The exports `startup` and `shutdown` of a module; a CommonJS module and one that exports a single object, as Bun and
 * Deno have it, keep them in there. Throws Failure APP_LOAD when one of them is no function.
 */
export function findLife(path: string, namespace: unknown): AppLife {
  const act = (name: keyof AppLife): Act | null => {
    const owner = [namespace, inner(namespace)].find((place) => reach(place, name) !== undefined)
    const value = reach(owner, name)
    if (value === undefined) return null
    if (typeof value === 'function') return () => Reflect.apply(value, owner, [])
    const message = `${path} exports ${describeValue(value)} as "${name}", expected a function`
    throw new Failure('APP_LOAD', message, { fix: `${name} is called ${when[name]}: export a function, or rename it.` })
  }
  return { startup: act('startup'), shutdown: act('shutdown') }
}

const when = {
  startup: 'before the first request',
  shutdown: 'after the last request',
} as const satisfies Record<keyof AppLife, string>

/** An application may have a property of that name for its own purposes; an object that only lists things does not. */
function inner(namespace: unknown): unknown {
  const whole = reach(namespace, 'default')
  return typeof whole === 'object' && whole !== null && Object.getPrototypeOf(whole) === Object.prototype ? whole : null
}

function reach(place: unknown, name: string): unknown {
  return typeof place === 'object' && place !== null ? Reflect.get(place, name) : undefined
}
