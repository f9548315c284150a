import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { countDescriptors } from '../helpers/process-figures.ts'
import { childPids, isAlive } from '../helpers/process-group.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('three hand-overs in a row lose no request, the pid file follows, and no descriptor is left over', async () => {
  await using place = await withPidfile()
  await using load = startLoad({ target: place.server.target, connections: 2, method: 'POST', body: 'x'.repeat(2000) })
  const figures: string[] = []
  for (let master = place.server.pid, round = 1; round <= 3; round++) {
    process.kill(master, 'SIGUSR2')
    const heir = await place.heir()
    await load.progress(10)
    process.kill(master, 'SIGTERM')
    await until(() => !isAlive(master) && !existsSync(`${place.pidfile}.2`) && place.pid() === heir)
    await until(() => place.count(/the old master is gone/) === round)
    master = heir
    await until(() => childPids(heir).length === 2)
    // Connections of clients come and go; what a master holds does not.
    figures.push(`${countDescriptors(heir)} descriptors`)
  }
  await load.progress(10)
  assert.deepEqual((await load.stop()).lost, [])
  assert.equal(new Set(figures).size, 1, figures.join(', '))
  const last = place.pid()
  process.kill(last, 'SIGTERM')
  await until(() => !isAlive(last))
  assert.equal(existsSync(place.server.socketPath) || existsSync(place.pidfile), false)
})

test('an upgrade is backed out of: old workers stopped, brought back by HUP, and the new master sent away', async () => {
  await using place = await withPidfile()
  place.server.claimLog(/the new master is gone/)
  await using load = startLoad({ target: place.server.target, connections: 2, method: 'POST', body: 'x' })
  place.server.signal('SIGUSR2')
  const heir = await place.heir()
  place.server.signal('SIGWINCH')
  await until(() => childPids(place.server.pid).length === 1, { what: 'the new master alone below the old one' })
  await load.progress(10)
  place.server.signal('SIGHUP')
  await place.server.expectLog(/reloaded:/)
  process.kill(heir, 'SIGTERM')
  await until(() => place.count(/the new master is gone/) === 1)
  await load.progress(10)
  assert.deepEqual((await load.stop()).lost, [])
  assert.equal(place.pid(), place.server.pid)
  assert.equal(existsSync(`${place.pidfile}.2`), false)
})

test('an old master that is killed leaves names and sockets to the new one', async () => {
  await using place = await withPidfile()
  place.server.signal('SIGUSR2')
  const heir = await place.heir()
  place.server.signal('SIGKILL')
  await until(() => place.pid() === heir && !existsSync(`${place.pidfile}.2`))
  assert.equal((await request(place.server.target, '/')).status, 200)
  process.kill(heir, 'SIGTERM')
  await until(() => !isAlive(heir))
  assert.equal(existsSync(place.server.socketPath) || existsSync(place.pidfile), false)
})

test('a new master that is killed costs the old one nothing, leaves no file, and the next can be tried', async () => {
  await using place = await withPidfile()
  place.server.claimLog(/the new master is gone/)
  for (let round = 1; round <= 2; round++) {
    place.server.signal('SIGUSR2')
    const heir = await place.heir()
    process.kill(heir, 'SIGKILL')
    await until(() => place.count(/the new master is gone: it was ended by SIGKILL/) === round)
    assert.equal(existsSync(`${place.pidfile}.2`), false)
    assert.equal((await request(place.server.target, '/')).status, 200)
    assert.equal(place.pid(), place.server.pid)
  }
})

type Place = AsyncDisposable & {
  readonly server: Server
  readonly pidfile: string
  readonly pid: () => number
  /** Waits until a new master serves, and returns its pid. */
  readonly heir: () => Promise<number>
  readonly count: (pattern: RegExp) => number
}

async function withPidfile(): Promise<Place> {
  const dir = await tempDir()
  const pidfile = dir.join('pid')
  const server = await startServer({ app: 'obedient', flags: ['-w', '2', '--drain-idle', '5', '-p', pidfile] })
  const count = (pattern: RegExp): number => server.log.filter((line) => pattern.test(line)).length
  let ready = 0
  return {
    ...{ server, pidfile, count },
    pid: () => Number(readFileSync(pidfile, 'utf8')),
    heir: async () => {
      ready += 1
      await until(() => count(/serves beside us/) === ready, { within: 30_000, what: 'a new master that serves' })
      return Number(readFileSync(`${pidfile}.2`, 'utf8'))
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}
