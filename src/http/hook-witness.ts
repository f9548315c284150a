import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Testimony, Witness } from './witness.ts'

/** What is called before the application sees a request, and when the request is over. They never throw. */
export type RequestHooks = {
  readonly before: ((request: IncomingMessage) => void) | null
  /** With the milliseconds since the request was received. */
  readonly after: ((request: IncomingMessage, response: ServerResponse, milliseconds: number) => void) | null
}

const nothing: Testimony = { end: () => {} }

/** Calls hooks around each request. A connection that an application takes over is no request to them. */
export function hookWitness({ before, after }: RequestHooks): Witness {
  return {
    begin: (request, response) => {
      const begun = after === null ? 0 : performance.now()
      before?.(request)
      return after === null ? nothing : { end: () => after(request, response, performance.now() - begun) }
    },
    upgrade: () => nothing,
    refuse: () => {},
  }
}
