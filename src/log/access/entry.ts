import type { IncomingHttpHeaders } from 'node:http'

/** What is known of a request when its answer is over. Headers that did not come are undefined. */
export type AccessEntry = {
  /** What was asked, as far as it could be read. */
  readonly request: {
    readonly method?: string | undefined
    readonly url?: string | undefined
    readonly httpVersion: string
    readonly headers: IncomingHttpHeaders
  }
  readonly client: { readonly address: string | undefined; readonly port: number | undefined }
  /** Address at the other end of the connection itself. */
  readonly peer: string | undefined
  readonly encrypted: boolean
  readonly status: number
  /** Reads a header of the answer, by its name in lower case. */
  readonly answered: (name: string) => string | undefined
  /** Bytes of the body that were handed to the connection. */
  readonly bytes: number
  /** When the request came, in milliseconds since the epoch. */
  readonly cameAt: number
  readonly durationMs: number
  /** Until the head of the answer was written; null when it never was. */
  readonly headerMs: number | null
  readonly outcome: 'complete' | 'aborted' | 'refused'
}

/** Who writes the line. */
export type AccessWriter = { readonly pid: number; readonly worker: number; readonly slot: number }
