export type EventLevel = 'debug' | 'info' | 'warning' | 'error' | 'critical'

/** One row of the vocabulary of the log. */
export type LogEvent = {
  /** How important its records are; more than one where that depends. */
  readonly levels: readonly EventLevel[]
  readonly means: string
  /** What whoever reads it does; null where there is nothing to do. */
  readonly act: string | null
}

export function row(level: EventLevel | readonly EventLevel[], means: string, act: string | null = null): LogEvent {
  return { levels: typeof level === 'string' ? [level] : level, means, act }
}
