import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { AccessEntry, AccessLog } from '../log/access-log.ts'
import type { Connection } from './connections.ts'
import { type AnswerCount, watchAnswer } from './watch-answer.ts'
import type { Outcome, Testimony, Witness } from './witness.ts'

/** Writes a line of the access log for each request, whatever becomes of it. */
export function accessWitness(log: AccessLog): Witness {
  return {
    begin: (request, response, connection) => new Ordinary(log, request, response, connection),
    upgrade: (request, socket, connection) => watchUpgrade(log, request, socket, connection),
    refuse: (status, connection, request) =>
      log.write({ ...factsOf(connection), ...refused, status, request: request ?? nothingAsked }),
  }
}

const nothingAsked = { httpVersion: '1.1', headers: {} }

const refused = {
  answered: () => undefined,
  ...{ bytes: 0, durationMs: 0, headerMs: null },
  outcome: 'refused' as const,
} satisfies Partial<AccessEntry>

/** A request with an answer of its own. */
class Ordinary implements Testimony {
  readonly #log: AccessLog
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #facts: Facts
  readonly #count: AnswerCount
  readonly #began = performance.now()

  constructor(log: AccessLog, request: IncomingMessage, response: ServerResponse, connection: Connection) {
    this.#log = log
    this.#request = request
    this.#response = response
    this.#facts = factsOf(connection)
    this.#count = watchAnswer(response)
  }

  end(outcome: Outcome, told?: number): void {
    const response = this.#response
    const { bytes, headAt } = this.#count
    const { client, peer, encrypted, cameAt } = this.#facts
    // Named one by one: an object made by spreading another costs V8 more than all else here.
    this.#log.write({
      client,
      peer,
      encrypted,
      cameAt,
      request: this.#request,
      status: told ?? (headAt === null && outcome === 'aborted' ? clientClosedRequest : response.statusCode),
      answered: (name) => response.getHeader(name)?.toString(),
      bytes: hasBody(this.#request, response) ? bytes : 0,
      durationMs: performance.now() - this.#began,
      headerMs: headAt === null ? null : headAt - this.#began,
      outcome,
    })
  }
}

/** nginx's status for a client that left before there was an answer. It is only ever logged. */
const clientClosedRequest = 499

function hasBody({ method }: IncomingMessage, { statusCode }: ServerResponse): boolean {
  return method !== 'HEAD' && statusCode !== 204 && statusCode !== 304
}

function watchUpgrade(log: AccessLog, request: IncomingMessage, socket: Socket, connection: Connection): Testimony {
  const [facts, began, before] = [factsOf(connection), performance.now(), socket.bytesWritten]
  const answer = watchFirstLine(socket)
  return {
    end: (outcome) =>
      log.write({
        ...facts,
        request,
        status: answer.status,
        answered: () => undefined,
        bytes: Math.max(0, socket.bytesWritten - before - answer.headBytes),
        durationMs: performance.now() - began,
        headerMs: answer.at === null ? null : answer.at - began,
        outcome,
      }),
  }
}

/** Who takes a connection over writes the head of the answer by itself: the first thing that is written says what it is. */
function watchFirstLine(socket: Socket): { status: number; headBytes: number; at: number | null } {
  const seen = { status: clientClosedRequest, headBytes: 0, at: null as number | null }
  const { write } = socket
  socket.write = ((...given: Parameters<Socket['write']>) => {
    socket.write = write
    const text = typeof given[0] === 'string' ? given[0] : Buffer.from(given[0]).toString('latin1', 0, longestHead)
    seen.status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? switchingProtocols)
    seen.headBytes = text.indexOf('\r\n\r\n') + '\r\n\r\n'.length
    seen.at = performance.now()
    return Reflect.apply(write, socket, given)
  }) as Socket['write']
  return seen
}

const switchingProtocols = 101
const longestHead = 4096

type Facts = Pick<AccessEntry, 'client' | 'peer' | 'encrypted' | 'cameAt'>

function factsOf({ client, peer }: Connection): Facts {
  const known = client?.address === undefined ? peer : client
  return {
    client: { address: known.address, port: known.port },
    peer: peer.address,
    encrypted: client?.encrypted ?? peer.encrypted ?? false,
    cameAt: Date.now(),
  }
}
