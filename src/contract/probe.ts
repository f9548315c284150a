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

/**
 * How a running server is made to answer for itself for a while: a file beside the control socket, of its name and this
 * ending, with a token in it. It opens the routes below the prefix and the token for as long as it is there, and for its
 * lifetime (milliseconds) since a worker found it or found it touched. It has to belong to the user of the workers, and nobody else may read it.
 */
export const pass = {
  ending: '.pass',
  prefix: '/tsicorn-check/',
  token: /^[0-9a-f]{32}$/,
  lifetime: 60_000,
} as const
