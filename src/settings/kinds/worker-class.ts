import { resolve } from 'node:path'
import type { Kind } from '../setting.ts'
import { text } from './text.ts'

/** The worker classes that come with tsicorn. */
export const workerClasses = ['async', 'sync', 'threads'] as const

/** One of our own classes, or the module of somebody else's: a path, so that a misspelt name is noticed. */
export const workerClass: Kind<string> = {
  ...text({
    placeholder: 'CLASS',
    expects: `${workerClasses.join(', ')}, or the path of a module, such as ./my-class.js`,
    problem: (value) => (isOurs(value) || isPath(value) ? null : 'not one of these'),
  }),
  anchor: (value, directory) => (isOurs(value) ? value : resolve(directory, value)),
}

function isOurs(value: string): boolean {
  return workerClasses.some((name) => name === value)
}

function isPath(value: string): boolean {
  return /^(?:\.{0,2}\/).*[^/]$/s.test(value) && Buffer.byteLength(value) <= 4095
}
