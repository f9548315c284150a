/** What a worker tells the master of its work. */
export type ServingStats = {
  /** Requests begun since the start. */
  readonly requests: number
  /** Requests whose answer is not finished. */
  readonly inFlight: number
  readonly connections: number
}

/** A request whose answer is not complete, for those who want to know what is going on. */
export type OpenRequest = {
  readonly method: string
  readonly url: string
  readonly ageMs: number
  /** Its X-Request-Id. */
  readonly id?: string | undefined
}

export type DrainOrder = {
  /** When this is over, what is left is cut. Zero cuts everything at once. */
  readonly graceMs: number
  /** Whether connections that wait to be accepted are served too; others may be there to do it. */
  readonly acceptWaiting: boolean
}

/** What serves the connections of a worker. */
export type ServingUnit = {
  /** Accepts connections on exactly these listeners, by index. Rejects when one cannot be listened on. */
  readonly listenOn: (indices: readonly number[]) => Promise<void>
  /**
   * Ends everything that is open. A second call can only bring the end nearer. Resolves when no connection is left, with
   * what was cut.
   */
  readonly drain: (order: DrainOrder) => Promise<readonly OpenRequest[]>
  readonly stats: () => ServingStats
  readonly inFlight: () => readonly OpenRequest[]
}
