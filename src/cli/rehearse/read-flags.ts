import type { Ports } from '../../deploy/rehearsal-answers.ts'
import type { Flags } from '../context.ts'

export type RehearseFlags = {
  /** Check, stop, and exit with the result. */
  readonly once: boolean
  readonly json: boolean
  readonly strict: boolean
  /** Leave the scratch folder when all is over. */
  readonly keep: boolean
  readonly ports: Ports
}

/** The ports of a rehearsal unless others are asked for. */
export const usualPorts: Ports = { http: 8080, https: 8443 }

/** The flags of `tsicorn rehearse` as commander collected them. */
export function readFlags(given: Flags): RehearseFlags {
  const port = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise)
  return {
    once: given['once'] === true,
    json: given['json'] === true,
    strict: given['strict'] === true,
    keep: given['keep'] === true,
    ports: { http: port(given['httpPort'], usualPorts.http), https: port(given['httpsPort'], usualPorts.https) },
  }
}
