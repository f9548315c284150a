import { Socket } from 'node:net'
import { type HandedListener, type HandOver, handOverVariable, heirReady } from '../contract/hand-over.ts'

/** What a master that follows another one got from it. */
export type Heir = {
  readonly listeners: readonly HandedListener[]
  readonly supervised: boolean
  /** Tells the old master that the new workers serve. */
  readonly sayReady: () => void
  /** Calls back when the old master is gone. */
  readonly onAlone: (alone: () => void) => void
}

/** Reads what an old master left in the environment; null when this master follows nobody. */
export function readHandOver(env: Readonly<Record<string, string | undefined>>): Heir | null {
  const text = env[handOverVariable]
  if (text === undefined) return null
  const { lifeline, listeners, supervised } = JSON.parse(text) as HandOver
  const socket = new Socket({ fd: lifeline, readable: true, writable: true })
  socket.on('error', () => {})
  socket.unref()
  return {
    listeners,
    supervised,
    sayReady: () => void socket.write(`${heirReady}\n`),
    onAlone: (alone) => void socket.once('close', alone).resume(),
  }
}
