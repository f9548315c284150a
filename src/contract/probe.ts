/**
 * The server's own answers below a secret path, for whoever checks the stack from outside.
 * A probe stands where the application stands: behind the same front door, seeing the same request.
 */
export const probeRoutes = {
  /** JSON of type ProbeView. */
  view: '/view',
  /** An event stream: one event at once, then one a second. */
  events: '/events',
  /** A WebSocket that sends back each text frame. */
  echo: '/echo',
  /** Takes any body and answers 200 with its length in bytes, as JSON `{ "bytes": n }`. */
  sink: '/sink',
} as const

/** A request as the application would see it. */
export type ProbeView = {
  readonly pid: number
  readonly slot: number
  readonly remoteAddress: string | null
  readonly encrypted: boolean
  readonly method: string
  readonly url: string
  /** Name and value in turn, as received. */
  readonly rawHeaders: readonly string[]
}
