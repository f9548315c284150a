import { type HttpConnection, openConnection, type Place } from '../http-connection.ts'
import { pause } from '../pause.ts'
import type { WireAnswer } from '../read-answer.ts'
import { until, type Waiting } from '../until.ts'

/** What became of all that one client asked for. */
export type Tally = {
  readonly kind: string
  sent: number
  /** Ids of the requests that were answered as they should be. */
  readonly answered: Set<string>
  /** Connections that nobody took, and requests a proxy could hand to nobody: the server was not there. */
  refused: number
  /** Times that the server said goodbye in the way its protocol has for it. */
  farewells: number
  /** What happened to each request that was neither answered nor plainly not taken on. */
  readonly lost: string[]
}

export type Client = AsyncDisposable & {
  readonly tally: Tally
  /** Waits until so many more requests are answered. */
  readonly progress: (answers: number, waiting?: Waiting) => Promise<void>
  /** Asks for nothing more, waits for what is due, and returns the tally. */
  readonly stop: (waiting?: Waiting) => Promise<Tally>
}

/** What a client works with in each of its rounds. */
export type Work = {
  readonly tally: Tally
  /** An id that no other request has. */
  readonly newId: () => string
  readonly isStopped: () => boolean
}

export type ClientOptions = {
  /** Milliseconds between two rounds. */
  readonly pauseMs?: number
  readonly method?: 'GET' | 'POST'
  readonly path?: string
  /** How long an idle connection is used again: less than the server listens to it while it drains. */
  readonly reuseMs?: number
}

export type ClientKind = (place: Place, options?: ClientOptions) => Client

/** No client goes on for ever, whatever becomes of the test. */
const mostRounds = 20_000

let clients = 0

/** A client that does one round after the other until it is stopped. `leave` is what it does at the end. */
export function repeat(
  kind: string,
  round: (work: Work) => Promise<void>,
  { pauseMs = 15, leave = () => {} }: { pauseMs?: number; leave?: () => void } = {},
): Client {
  const number = ++clients
  const tally: Tally = { kind, sent: 0, answered: new Set(), refused: 0, farewells: 0, lost: [] }
  let isStopped = false
  let isOver = false
  let ids = 0
  const work = { tally, newId: () => `${kind.replaceAll(' ', '-')}-${number}-${++ids}`, isStopped: () => isStopped }
  const run = async (): Promise<void> => {
    for (let rounds = 0; !isStopped && rounds < mostRounds; rounds += 1) {
      await round(work).catch((error: Error) => tally.lost.push(error.message))
      await pause(pauseMs)
    }
    leave()
    isOver = true
  }
  void run()
  const stop = async (waiting?: Waiting): Promise<Tally> => {
    isStopped = true
    await until(() => isOver, { what: `the last answers to ${kind}`, within: 30_000, ...waiting })
    return tally
  }
  const progress = async (answers: number, waiting?: Waiting): Promise<void> => {
    const goal = tally.answered.size + answers
    await until(() => tally.answered.size >= goal, { what: `${answers} more answers to ${kind}`, ...waiting })
  }
  return { tally, progress, stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

/** What a client does with a connection of its own and the id of the request it has sent there. */
export type Exchange = (connection: HttpConnection, id: string, work: Work) => Promise<void>

/** A client that has a new connection for each of its rounds. */
export function eachAlone(kind: string, place: Place, { exchange, ...options }: Alone): Client {
  return repeat(
    kind,
    async (work) => {
      using connection = await openConnection(place)
      if (connection === null) {
        work.tally.refused += 1
        return
      }
      work.tally.sent += 1
      await exchange(connection, work.newId(), work)
    },
    options,
  )
}

type Alone = ClientOptions & { readonly exchange: Exchange }

export const postBody = 'x'.repeat(2000)

/** The bytes of a request with an id. */
export function asking(id: string, { method = 'GET', path = '/', close = false }: Ask = {}): string {
  const length = method === 'POST' ? `Content-Length: ${postBody.length}\r\n` : ''
  const head = `${method} ${path} HTTP/1.1\r\nHost: a\r\nX-Id: ${id}\r\n${length}${close ? 'Connection: close\r\n' : ''}\r\n`
  return method === 'POST' ? head + postBody : head
}

type Ask = {
  readonly method?: 'GET' | 'POST' | undefined
  readonly path?: string | undefined
  readonly close?: boolean
}

/** What a proxy answers when nobody is behind it: the request was never handed over, as the ledger has to confirm. */
export const nobodyThere = 502

/** Takes note of the answer to a request. Throws when it is not the one it should be. */
export function accept(tally: Tally, id: string, { status, body }: WireAnswer, bytes: number): void {
  if (status === nobodyThere) {
    tally.refused += 1
    return
  }
  const text = body.toString('latin1')
  const told = status === 200 ? (JSON.parse(text) as { id: string; bytes: number }) : { id: '', bytes: -1 }
  if (told.id !== id || told.bytes !== bytes) throw new Error(`${id} was answered ${status} ${text.slice(0, 200)}`)
  tally.answered.add(id)
}
