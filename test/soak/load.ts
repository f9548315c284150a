import { type HttpConnection, openConnection, type Place } from '../helpers/http-connection.ts'
import { pause } from '../helpers/pause.ts'
import { until } from '../helpers/until.ts'

/** A request without an answer, and the client's port of its connection, by which one can tell who had it. */
export type Loss = { readonly port: number; readonly at: number; readonly how: string }

export type Load = {
  readonly sent: () => number
  readonly answered: () => number
  readonly refused: () => number
  readonly losses: readonly Loss[]
  /** Sends nothing for a while. */
  readonly hold: (on: boolean) => void
  readonly stop: () => Promise<void>
}

type Count = { sent: number; answered: number; refused: number; readonly losses: Loss[] }

/** A connection is used again for less time than a leaving worker listens to it. */
const reuseMs = 600
const body = 'x'.repeat(2000)

/** Clients on kept-alive and on fresh connections, GET and POST, at a steady pace, that never ask twice. */
export function startLoad(place: Place, clients: number): Load {
  const count: Count = { sent: 0, answered: 0, refused: 0, losses: [] }
  let isStopped = false
  let isHeld = false
  let running = 0
  const run = async (index: number): Promise<void> => {
    running += 1
    const client = { connection: null as HttpConnection | null, usedAt: 0 }
    while (!isStopped) {
      if (!isHeld) await askOnce(place, client, { post: index % 2 === 0, keep: index % 4 < 2, count })
      await pause(10)
    }
    client.connection?.[Symbol.dispose]()
    running -= 1
  }
  for (let index = 0; index < clients; index += 1) void run(index)
  return {
    ...{ sent: () => count.sent, answered: () => count.answered, refused: () => count.refused, losses: count.losses },
    hold: (on) => {
      isHeld = on
    },
    stop: async () => {
      isStopped = true
      await until(() => running === 0, { what: 'the last answers under load', within: 60_000 })
    },
  }
}

type Client = { connection: HttpConnection | null; usedAt: number }
type Way = { readonly post: boolean; readonly keep: boolean; readonly count: Count }

async function askOnce(place: Place, client: Client, { post, keep, count }: Way): Promise<void> {
  const isFresh = performance.now() - client.usedAt < reuseMs && client.connection?.isOver() === false
  if (!isFresh) client.connection?.[Symbol.dispose]()
  const connection = isFresh ? client.connection : await openConnection(place).catch(() => null)
  client.connection = null
  if (connection === null) {
    count.refused += 1
    return
  }
  const port = connection.socket.localPort ?? 0
  count.sent += 1
  client.usedAt = performance.now()
  try {
    connection.write(post ? `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}` : get(keep))
    const { status, closes, body: told } = await connection.answer()
    const { bytes } = JSON.parse(told.toString()) as { bytes: number }
    if (status !== 200 || bytes !== (post ? body.length : 0)) throw new Error(`answered ${status}, ${bytes} bytes`)
    count.answered += 1
    if (keep && !closes) client.connection = connection
    else connection[Symbol.dispose]()
  } catch (error) {
    count.losses.push({ port, at: Date.now(), how: (error as Error).message })
    connection[Symbol.dispose]()
  }
}

function get(keep: boolean): string {
  return `GET / HTTP/1.1\r\nHost: a\r\n${keep ? '' : 'Connection: close\r\n'}\r\n`
}
