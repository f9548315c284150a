import type { Socket } from 'node:net'
import { unbufferEvents } from './unbuffer-events.ts'
import { withholdHints } from './withhold-hints.ts'

/** A peer that may speak for others is a proxy as a rule, and answers are to come through it as they are meant. */
export function suitProxy(socket: Socket): void {
  unbufferEvents(socket)
  withholdHints()
}
