/**
 * An address to listen on.
 * A unix path may hold `{slot}`: then there is one socket for each worker slot, and a proxy can tell the workers apart.
 */
export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'fd'; readonly fd: number }

/** What a worker knows of one listening descriptor it inherited. Its index in the list is its name in messages. */
export type ListenerInfo = {
  /** Descriptor number in the worker. */
  readonly fd: number
  /** As written in logs: `unix:/run/app/1.sock`, `127.0.0.1:8000`, `[::1]:8000`. */
  readonly label: string
  /** The actual address; port 0 is resolved here. */
  readonly address: Address
  /** The worker slot it belongs to (from 1), or null when all workers share it. */
  readonly slot: number | null
}

/** The placeholder for the slot number in a unix path. */
export const slotPlaceholder = '{slot}'

/** Writes an address as a person would type it for `--bind`. */
export function formatAddress(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  if (address.kind === 'fd') return `fd://${address.fd}`
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}
