import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { queueOf } from '../write-queue.ts'

/**
 * Whether bytes have been encrypted that the kernel has neither taken nor has to take before others: they go out, or have
 * gone out and are taken note of, within this turn of the event loop or the next.
 */
export function isBetweenLayers(socket: TLSSocket): boolean {
  const beneath = beneathOf(socket)
  return beneath !== null && queueOf(socket) > 0 && queueOf(beneath) === 0
}

/** The connection that TLS is spoken on. */
export function beneathOf(socket: TLSSocket): Socket | null {
  return (Reflect.get(socket, '_parent') as Socket | undefined) ?? null
}

/** Turns of the event loop in which what has been written gets through the TLS; it takes two. */
export const mostTurns = 10

/** Acts after as many. */
export function afterTurns(act: () => void, turns = mostTurns): void {
  setImmediate(() => (turns > 1 ? afterTurns(act, turns - 1) : act()))
}
