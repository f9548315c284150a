import assert from 'node:assert/strict'
import test from 'node:test'
import { events } from '../../src/contract/events.ts'
import { request } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const secret = 'sesame'

/** Its errors carry what clients of databases and of other services put into theirs. */
const app = `const failure = ({ headers, url }) =>
  Object.assign(new Error('the database is away'), { password: '${secret}', config: { headers, url } })
export default (request, response) => {
  const [path] = request.url.split('?')
  if (path === '/throw') return setImmediate(() => { throw failure(request) })
  if (path === '/reject') return void Promise.reject(failure(request))
  if (path === '/leave') return response.write('begun')
  if (path === '/hang') for (;;);
  response.end(path)
}
`

type Told = { readonly event: string; readonly level: string; readonly msg: string }

const toldBy = (server: Server): readonly Told[] => server.log.map((line) => JSON.parse(line) as Told)
const count = (server: Server, event: string): number => toldBy(server).filter((told) => told.event === event).length

async function start() {
  const dir = await tempDir()
  const control = dir.join('control.sock')
  const own = ['-w', '1', '--log-level', 'debug', '--timeout', '6', '--drain-idle', '0.2', '--graceful-timeout', '2']
  const server = await startServer({
    app: await dir.write('app.mjs', app),
    flags: [...own, '--control-socket', control, '-e', `SECRET_OF_THE_DAY=${secret}`],
    env: { DATABASE_URL: `postgres://shop:${secret}@localhost/shop` },
  })
  server.claimLog(/database is away|killed|silent|stuck|stands still/)
  const ask = (path: string) =>
    request(server.target, `${path}?token=${secret}`, {
      headers: { Authorization: `Bearer ${secret}`, Cookie: `session=${secret}`, 'X-Api-Key': secret },
      timeout: 10_000,
    }).catch(() => null)
  const dispose = async () => {
    await server[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  }
  return { server, control, ask, [Symbol.asyncDispose]: dispose }
}

/** Waits until an event has been told so often, and a new worker serves. */
async function recovered({ server, ask }: Awaited<ReturnType<typeof start>>, event: string, times = 1): Promise<void> {
  await until(() => count(server, event) >= times, { what: event, within: 30_000 })
  await until(async () => (await ask('/page'))?.status === 200, { what: 'a worker that serves', within: 30_000 })
}

/** Does everything to a server that it logs something about. */
async function provoke(place: Awaited<ReturnType<typeof start>>): Promise<void> {
  const { server, ask, control } = place
  assert.equal((await ask('/page'))?.status, 200)
  const heads = [
    `GET /no-host?token=${secret} HTTP/1.1\r\nAuthorization: Bearer ${secret}`,
    `GET /no-name?token=${secret} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret}\r\n${secret} ${secret}: x`,
    `GET /long?token=${secret.repeat(2000)} HTTP/1.1\r\nHost: x`,
  ]
  for (const head of heads) {
    await using socket = await rawSocket(server.target)
    socket.write(`${head}\r\n\r\n`)
    await socket.closed()
  }
  await using leaver = await rawSocket(server.target)
  leaver.write(`GET /leave?token=${secret} HTTP/1.1\r\nHost: x\r\nCookie: session=${secret}\r\n\r\n`)
  await leaver.receive(/begun/)
  leaver.socket.destroy()
  await ask('/throw')
  await recovered(place, 'worker.uncaught-error')
  await ask('/reject')
  await recovered(place, 'worker.uncaught-error', 2)
  await ask('/hang')
  await recovered(place, 'worker.hung')
  process.kill(server.workers()[0] ?? 0, 'SIGKILL')
  await recovered(place, 'worker.died')
  server.signal('SIGHUP')
  await recovered(place, 'reload.done')
  await spawnCli(['ctl', 'config', '--control-socket', control])
  assert.equal((await server.stop()).code, 0)
}

/** How often each is told for what provoke() does. */
const expected = {
  ...{ 'master.listening': 1, 'master.ready': 1, 'request.refused': 3, 'worker.uncaught-error': 2, 'worker.hung': 1 },
  ...{ 'worker.died': 1, 'reload.trying': 1, 'reload.done': 1, 'master.stopping': 1 },
}

test('whatever happens is told in one line, once, under a name of the vocabulary, and nothing secret with it', async () => {
  await using place = await start()
  await provoke(place)
  const { server } = place
  // No query, credential, environment, or property of an error.
  assert.deepEqual(
    server.log.filter((line) => line.includes(secret)),
    [],
  )
  for (const told of toldBy(server)) {
    const row: { readonly levels: readonly string[] } | undefined = events[told.event as keyof typeof events]
    assert.ok(row?.levels.includes(told.level), `${told.event} at level ${told.level}`)
  }
  assert.equal(new Set(server.log).size, server.log.length)
  const found = Object.keys(expected).map((event) => [event, count(server, event)])
  assert.deepEqual(Object.fromEntries(found), expected)
})
