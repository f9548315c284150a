import { mkdir } from 'node:fs/promises'
import { type Fleet, fleetOf } from './clients/accounts.ts'
import type { ClientKind, ClientOptions } from './clients/client.ts'
import { keptAlive } from './clients/kept-alive.ts'
import { oneShot } from './clients/one-shot.ts'
import { pipelining } from './clients/pipelining.ts'
import { webSocket } from './clients/streams.ts'
import { longDownload, slowUpload } from './clients/transfers.ts'
import { freePort } from './free-port.ts'
import type { Place } from './http-connection.ts'
import { type Server, startServer } from './start-server.ts'
import { tempDir } from './temp-dir.ts'

export type DrainSite = AsyncDisposable & {
  readonly server: Server
  readonly ledger: string
  readonly shared: Place
  readonly tcp: Place
  readonly slots: readonly Place[]
  /** One client of each kind, spread over all addresses. */
  readonly fleet: () => Fleet
}

export type DrainPlan = {
  readonly workers?: number
  readonly flags?: readonly string[]
  /** Files of a certificate and its key: every address speaks TLS then. */
  readonly certificate?: { readonly cert: string; readonly key: string }
}

/** A leaving worker listens to idle connections for this long; clients use them again for less. */
const drainIdle = '1'

/**
 * A server on a shared unix socket, a TCP port and a unix socket for each worker, with an application that keeps a
 * ledger: `await using site = await drainSite()`.
 */
export async function drainSite({ workers = 2, flags = [], certificate }: DrainPlan = {}): Promise<DrainSite> {
  const dir = await tempDir()
  const ledger = dir.join('ledger')
  await mkdir(ledger)
  const tls = certificate !== undefined
  const port = await freePort()
  const binds = [`unix:${dir.join('all.sock')}`, `127.0.0.1:${port}`, `unix:${dir.join('{slot}.sock')}`]
  const server = await startServer({
    app: 'ledger:server',
    env: { LEDGER: ledger },
    flags: [
      ...binds.flatMap((bind) => ['-b', bind]),
      ...['-w', String(workers), '--drain-idle', drainIdle, '--timeout', '10'],
      ...(tls ? ['--certfile', certificate.cert, '--keyfile', certificate.key] : []),
      ...classFlags(),
      ...flags,
    ],
  })
  const shared = { socketPath: dir.join('all.sock'), tls }
  const tcp = { port, tls }
  const slots = Array.from({ length: workers }, (_, index) => ({ socketPath: dir.join(`${index + 1}.sock`), tls }))
  return {
    ...{ server, ledger, shared, tcp, slots },
    fleet: () => fleetOf(oneOfEach([shared, tcp, slots.at(-1) ?? shared]), ledger),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

/** `npm run test:grid` runs the tests of drains with other worker classes. */
function classFlags(): readonly string[] {
  return process.env['DRAIN_CLASS']?.split(' ') ?? []
}

type Member = readonly [kind: ClientKind, options?: ClientOptions]

const members: readonly Member[] = [
  [keptAlive],
  [keptAlive, { method: 'POST', path: '/sleep/5' }],
  // Idle for most of the time, as a proxy's connections are when there is little to do.
  [keptAlive, { method: 'POST', pauseMs: 350 }],
  [oneShot],
  [oneShot, { method: 'POST', path: '/sleep/20' }],
  [pipelining],
  [slowUpload],
  [longDownload],
  [webSocket],
]

/** Each kind at two of the addresses: the one that is its turn, and the next. */
export function oneOfEach(places: readonly Place[]) {
  const placeAt = (index: number): Place => places[index % places.length] ?? { port: 0 }
  return members.flatMap(([kind, options], index) => [kind(placeAt(index), options), kind(placeAt(index + 1), options)])
}
