import type { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { requestScope } from '../contract/request-scope.ts'
import type { ParseError } from './parse-error.ts'
import type { Turnstile } from './turnstile.ts'

/** What happens before an application's server tells its listeners of an event. */
export type Door = {
  readonly arrived: (socket: Socket) => void
  /** Whether the application is to see the request. */
  readonly requested: (request: IncomingMessage, response: ServerResponse) => boolean
  /** The application threw at once instead of answering. */
  readonly failed: (response: ServerResponse) => void
  /** Whether the application is to take the connection over. */
  readonly upgraded: (request: IncomingMessage, socket: Socket, head: Buffer) => boolean
  /** Something on a connection cannot be understood, comes too late, or the connection has failed. */
  readonly broken: (error: ParseError, socket: Socket) => void
}

/**
 * The event by which a server is given a connection. An application's https server gets its connections as if its own
 * handshake were over: who speaks TLS to the client is not its decision here.
 */
export function arrivalOf(server: Server): 'connection' | 'secureConnection' {
  // What only a server of node:tls has; to ask for its class would load it.
  return 'setSecureContext' in server ? 'secureConnection' : 'connection'
}

// An application that wants to know which request it is serving has put this there; no other pays for it.
const scopes = globalThis as { readonly [requestScope]?: AsyncLocalStorage<unknown> }

function within(asked: IncomingMessage, act: () => boolean): boolean {
  const scope = scopes[requestScope]
  return scope === undefined ? act() : scope.run(asked, act)
}

type Emit = (event: string, ...given: unknown[]) => boolean

/**
 * Puts a doorkeeper before every listener of a server, those that are added later too, and behind it a turnstile, where
 * requests are to come one at a time.
 */
export function interceptEvents(server: Server, door: Door, turnstile: Turnstile | null): void {
  const emit: Emit = server.emit
  const arrival = arrivalOf(server)
  // Requests are what comes by the thousand, so they take the shortest way.
  const request = (asked: IncomingMessage, response: ServerResponse, event: string): boolean => {
    if (!door.requested(asked, response)) return true
    if (turnstile === null) return enter(asked, response, event)
    const turn = { request: asked, response, enter: () => void enter(asked, response, event) }
    return turnstile.admit(turn) ? enter(asked, response, event) : true
  }
  const enter = (asked: IncomingMessage, response: ServerResponse, event: string): boolean => {
    try {
      return within(asked, () => emit.call(server, event, asked, response))
    } catch (error) {
      door.failed(response)
      throw error
    }
  }
  server.emit = ((event: string, ...given: unknown[]): boolean => {
    if (event === 'request' || event === 'checkContinue' || event === 'checkExpectation') {
      return request(given[0] as IncomingMessage, given[1] as ServerResponse, event)
    }
    if (event === 'upgrade' || event === 'connect') {
      const goesOn = door.upgraded(given[0] as IncomingMessage, given[1] as Socket, given[2] as Buffer)
      turnstile?.passed()
      return !goesOn || within(given[0] as IncomingMessage, () => emit.call(server, event, ...given))
    }
    // The refusal is ours to write, so that it comes after the answers to earlier requests.
    if (event === 'clientError') {
      door.broken(given[0] as ParseError, given[1] as Socket)
      return true
    }
    if (event === arrival) door.arrived(given[0] as Socket)
    return emit.call(server, event, ...given)
  }) as Server['emit']
}
