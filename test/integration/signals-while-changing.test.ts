import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { childPids, isAlive } from '../helpers/process-group.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) {
  test(`${signal} while a reload tries the application ends the server with status 0 and leaves no process`, async () => {
    await using place = await gated()
    await place.startReload()
    const children = place.server.workers()
    assert.equal((await place.server.stop(signal)).code, 0)
    await until(() => children.every((pid) => !isAlive(pid)))
    assert.equal(existsSync(place.server.socketPath), false)
  })
}

test('WINCH while a reload tries the application stops the workers, and TTIN brings one back', async () => {
  await using place = await gated()
  await place.startReload()
  place.server.signal('SIGWINCH')
  await until(() => place.server.workers().length === 0)
  place.open()
  place.server.signal('SIGTTIN')
  assert.equal((await request(place.server.target, '/')).status, 200)
  assert.equal(place.server.workers().length, 1)
})

test('USR1, TTIN and HUP while a reload tries the application are done at once, at once, and afterwards', async () => {
  await using place = await gated()
  await place.startReload()
  place.server.signal('SIGUSR1')
  await place.server.expectLog(/log files reopened/)
  place.server.signal('SIGTTIN')
  await place.server.expectLog(/3 workers wanted/)
  place.server.signal('SIGHUP')
  await place.server.expectLog(/it begins when the one that runs is over/)
  place.open()
  await until(() => place.server.log.filter((line) => /reloaded:/.test(line)).length === 2)
  await until(() => place.server.workers().length === 2, { what: 'the number that the last HUP set back to' })
  assert.equal((await request(place.server.target, '/')).status, 200)
})

test('USR2 while a reload tries the application starts a new master, and both come to their end', async () => {
  await using place = await gated()
  await place.startReload()
  place.server.signal('SIGUSR2')
  await place.server.expectLog(/starting a new master/)
  place.open()
  await place.server.expectLog(/reloaded:/)
  await place.server.expectLog(/serves beside us/)
  const heir = place.heir()
  process.kill(heir, 'SIGTERM')
  await place.server.expectLog(/the new master is gone/)
  assert.equal((await request(place.server.target, '/')).status, 200)
})

test('HUP to the new master reloads it while the old one lives, and USR2 to it is refused', async () => {
  await using place = await gated()
  place.server.signal('SIGUSR2')
  await place.server.expectLog(/serves beside us/)
  const heir = place.heir()
  const before = childPids(heir)
  process.kill(heir, 'SIGUSR2')
  await place.server.expectLog(/no hand-over: the old master still lives/)
  process.kill(heir, 'SIGHUP')
  await place.server.expectLog(/reloaded:/)
  await until(() => childPids(heir).every((pid) => !before.includes(pid)))
  process.kill(heir, 'SIGTERM')
  await place.server.expectLog(/the new master is gone/)
})

test('HUP, TTIN, WINCH and USR2 while requests are finished change nothing, and each is told', async () => {
  await using place = await gated()
  const answer = request(place.server.target, '/wait')
  await until(async () => (await request(place.server.target, '/')).status === 200)
  place.server.signal('SIGTERM')
  await place.server.expectLog(/stopping gracefully/)
  for (const signal of ['SIGHUP', 'SIGTTIN', 'SIGTTOU', 'SIGWINCH'] as const) {
    place.server.signal(signal)
    await place.server.expectLog(new RegExp(`${signal} changes nothing: the server is stopping`))
  }
  place.server.signal('SIGUSR2')
  await place.server.expectLog(/no hand-over: the server is stopping/)
  place.letAnswer()
  assert.equal((await answer).status, 200)
  assert.equal((await place.server.ended).code, 0)
})

test('a server whose workers are stopped reopens its logs, refuses to stop them again, and stops when told to', async () => {
  await using place = await gated()
  place.server.signal('SIGWINCH')
  await until(() => place.server.workers().length === 0)
  for (const signal of ['SIGWINCH', 'SIGTTOU'] as const) {
    place.server.signal(signal)
    await place.server.expectLog(new RegExp(`${signal} changes nothing: the workers are stopped`))
  }
  place.server.signal('SIGUSR1')
  await place.server.expectLog(/log files reopened/)
  const waiting = request(place.server.target, '/')
  place.server.signal('SIGHUP')
  assert.equal((await waiting).status, 200, 'who came meanwhile was kept waiting, not refused')
  place.server.signal('SIGWINCH')
  await until(() => place.server.workers().length === 0)
  assert.equal((await place.server.stop()).code, 0)
})

type Place = AsyncDisposable & {
  readonly server: Server
  /** Begins a reload, whose trial waits until `open`. */
  readonly startReload: () => Promise<void>
  readonly open: () => void
  readonly letAnswer: () => void
  readonly heir: () => number
}

async function gated(): Promise<Place> {
  const dir = await tempDir()
  const [gate, answer, pidfile] = [dir.join('gate'), dir.join('answer'), dir.join('pid')]
  const open = (): void => writeFileSync(gate, '')
  open()
  const settings = ['-e', `GATE=${gate}`, '-e', `OPEN=${answer}`, '-p', pidfile]
  const server = await startServer({ app: 'gated', flags: ['-w', '2', '--drain-idle', '0.2', ...settings] })
  return {
    ...{ server, open },
    startReload: async () => {
      rmSync(gate)
      server.signal('SIGHUP')
      await until(() => server.workers().length === 3, { what: 'the child that tries the application' })
    },
    letAnswer: () => writeFileSync(answer, ''),
    heir: () => Number(readFileSync(`${pidfile}.2`, 'utf8')),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}
