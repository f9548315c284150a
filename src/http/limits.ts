/** The settings of what a request may be, as they are written: zero stands for no limit. */
export type LimitSettings = {
  readonly limitRequestLine: number
  readonly limitRequestFields: number
  readonly limitRequestFieldSize: number
  readonly limitRequestBody: number
  readonly headerMap: 'drop' | 'refuse' | 'dangerous'
}

/** What a request may be; a limit that is off is infinite. Sizes are bytes. */
export type Limits = {
  readonly line: number
  readonly fields: number
  readonly fieldSize: number
  readonly body: number
  /** What becomes of a field with an underscore in its name. */
  readonly underscored: LimitSettings['headerMap']
  /** The largest head that is read at all. */
  readonly head: number
}

/** Room for what nginx passes on with its `large_client_header_buffers 4 8k` and the fields it adds. */
const leastHead = 48 * 1024
/** What stands in for a limit that is off: the parser keeps a whole head in memory for each connection. */
const mostOfOne = 1024 * 1024

export function limitsOf(settings: LimitSettings): Limits {
  const { limitRequestLine, limitRequestFieldSize } = settings
  const line = unlessOff(limitRequestLine)
  const fieldSize = unlessOff(limitRequestFieldSize)
  return {
    line,
    fields: unlessOff(settings.limitRequestFields),
    fieldSize,
    body: unlessOff(settings.limitRequestBody),
    underscored: settings.headerMap,
    head: Math.max(leastHead, Math.min(line, mostOfOne) + 4 * Math.min(fieldSize, mostOfOne)),
  }
}

function unlessOff(limit: number): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : limit
}
