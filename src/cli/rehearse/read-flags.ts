import type { Flags } from '../context.ts'

export type RehearseFlags = {
  /** Check, stop, and exit with the result. */
  readonly once: boolean
  readonly json: boolean
  readonly strict: boolean
  /** Leave the scratch folder when all is over. */
  readonly keep: boolean
  readonly httpPort: number
  readonly httpsPort: number
}

/** The flags of `tsicorn rehearse` as commander collected them. */
export function readFlags(given: Flags): RehearseFlags {
  const port = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise)
  return {
    once: given['once'] === true,
    json: given['json'] === true,
    strict: given['strict'] === true,
    keep: given['keep'] === true,
    httpPort: port(given['httpPort'], 8080),
    httpsPort: port(given['httpsPort'], 8443),
  }
}
