import type { Address } from './listeners.ts'

/** Set by a master for the master that is to follow it; no setting, and no application sees it. */
export const handOverVariable = 'TSICORN_HAND_OVER'

/** A listening socket on its way from one master to the next. */
export type HandedListener = {
  /** Descriptor in the new master. */
  readonly fd: number
  readonly key: string
  readonly label: string
  readonly address: Address
  readonly slot: number | null
  /** The socket file, by device and inode, when it is to be removed at the end. */
  readonly file: { readonly device: number; readonly inode: number } | null
  readonly isOurs: boolean
}

/** What the new master finds in its environment, as JSON. */
export type HandOver = {
  /** A socket pair with the old master: the new one says ready on it, and its end tells that the old one is gone. */
  readonly lifeline: number
  readonly listeners: readonly HandedListener[]
  /** A supervisor made them: they are all there is, whatever `bind` says. */
  readonly supervised: boolean
}

/** The word the new master says when its workers are ready. */
export const heirReady = 'ready'
