import type { Hooks, LogHook } from '../hooks.ts'
import { read, refuse } from '../reading.ts'
import type { Kind } from '../setting.ts'

/** A function of a config file that is called when something happens. */
export function hook<Name extends keyof Hooks>(): Kind<Hooks[Name]> {
  return callable<Hooks[Name]>()
}

/** A function of a config file that gets the records of the log. */
export const logHook: Kind<LogHook> = callable<LogHook>()

function callable<Act extends (...given: never[]) => unknown>(): Kind<Act> {
  return {
    placeholder: 'FUNCTION',
    expects: 'a function, which only a .ts, .mts, .js or .mjs file can hold',
    repeatable: false,
    parse: () => refuse(),
    accept: (value) => (typeof value === 'function' ? read(value as Act) : refuse()),
    format: ({ name }) => (name === '' ? '[function]' : `[function ${name}]`),
  }
}
