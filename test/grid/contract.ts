import { answers } from './contract/answers.ts'
import { bodies } from './contract/bodies.ts'
import { lives } from './contract/lives.ts'
import { sockets } from './contract/sockets.ts'
import { streams } from './contract/streams.ts'
import type { Site } from './site.ts'

/** One thing that every application must do over every transport. Rejects when it does not. */
export type Line = {
  readonly id: string
  /** What is asked of it, for the reader of the grid. */
  readonly asks: string
  readonly check: (site: Site) => Promise<void>
}

/** The contract, in the order of the grid. */
export const contract = [...answers, ...bodies, ...streams, ...sockets, ...lives] as const satisfies readonly Line[]

/** What is seen when the server stops; asked of all transports at once. */
export const endings = {
  drain: 'a stop lets the answer under way be finished, on every transport',
  shutdown: 'the application is shut down once, after the last answer, and the server exits with 0',
  goodbye: 'a stop closes a WebSocket with 1001',
} as const

export type LineId = (typeof contract)[number]['id'] | keyof typeof endings
