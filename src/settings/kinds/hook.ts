import type { Hooks } from '../hooks.ts'
import { read, refuse } from '../reading.ts'
import type { Kind } from '../setting.ts'

/** A function of a config file that is called when something happens. */
export function hook<Name extends keyof Hooks>(): Kind<Hooks[Name]> {
  return {
    placeholder: 'FUNCTION',
    expects: 'a function, which only a .ts, .mts, .js or .mjs file can hold',
    repeatable: false,
    parse: () => refuse(),
    accept: (value) => (typeof value === 'function' ? read(value as Hooks[Name]) : refuse()),
    format: ({ name }) => (name === '' ? '[function]' : `[function ${name}]`),
  }
}
