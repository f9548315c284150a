import type { Layer } from './resolve.ts'

/** What each environment name of ours begins with. */
export const environmentPrefix = 'TSICORN_'

/** `gracefulTimeout` as a flag spells it: `graceful-timeout`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** `gracefulTimeout` as the environment spells it: `TSICORN_GRACEFUL_TIMEOUT`. */
export function environmentName(name: string): string {
  return `${environmentPrefix}${kebab(name).replaceAll('-', '_').toUpperCase()}`
}

/** A setting as it is spelled in one place. */
export function spell(name: string, layer: Layer): string {
  if (layer === 'environment') return environmentName(name)
  return layer === 'flags' || layer === 'cmd-args' ? `--${kebab(name)}` : name
}
