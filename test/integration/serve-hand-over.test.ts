import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { childPids } from '../helpers/process-group.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const flags = ['-w', '2', '--drain-idle', '5']

test('USR2 then TERM to the old master hands over without losing a request, and the pid file follows', async () => {
  await using dir = await tempDir()
  const pidfile = dir.join('pid')
  await using server = await startServer({ app: 'obedient', flags: [...flags, '-p', pidfile] })
  assert.equal(readPid(pidfile), server.pid)
  await using gets = startLoad({ target: server.target, connections: 2 })
  await using posts = startLoad({ target: server.target, connections: 2, method: 'POST', body: 'x'.repeat(2000) })
  server.signal('SIGUSR2')
  await server.expectLog(/new master \(pid \d+\) serves beside us/)
  const heir = readPid(`${pidfile}.2`)
  assert.notEqual(heir, server.pid)
  assert.equal(readPid(pidfile), server.pid, 'the name stays with the old master until it goes')
  await gets.progress(30)
  try {
    process.kill(server.pid, 'SIGTERM')
    await until(() => !existsSync(`${pidfile}.2`) && existsSync(pidfile) && readPid(pidfile) === heir)
    await gets.progress(30)
    for (const load of [gets, posts]) {
      const { lost, statuses } = await load.stop()
      assert.deepEqual(lost, [])
      assert.deepEqual(Object.keys(statuses), ['200'])
    }
    assert.ok(existsSync(server.socketPath), 'the socket stays for the new master')
    process.kill(heir, 'SIGTERM')
    await until(() => !existsSync(`/proc/${heir}`))
    assert.equal(existsSync(server.socketPath), false)
    assert.equal(existsSync(pidfile), false)
  } finally {
    killTree(heir)
  }
})

test('TERM to the new master goes back: the old one serves on as if nothing had been, and can try again', async () => {
  await using dir = await tempDir()
  const pidfile = dir.join('pid')
  await using server = await startServer({ app: 'obedient', flags: [...flags, '-p', pidfile] })
  server.claimLog(/the new master is gone/)
  await using load = startLoad({ target: server.target, connections: 2, method: 'POST', body: 'x' })
  for (let round = 1; round <= 2; round++) {
    server.signal('SIGUSR2')
    await until(() => server.log.filter((line) => /serves beside us/.test(line)).length === round)
    const heir = readPid(`${pidfile}.2`)
    await load.progress(20)
    process.kill(heir, 'SIGTERM')
    await until(() => server.log.filter((line) => /the new master is gone/.test(line)).length === round)
    assert.equal(existsSync(`${pidfile}.2`), false)
    assert.equal(readPid(pidfile), server.pid)
    await load.progress(20)
  }
  assert.deepEqual((await load.stop()).lost, [])
  assert.equal((await server.stop()).code, 0)
})

test('a new master that cannot load the application leaves the old one as it was, and no stale file', async () => {
  await using dir = await tempDir()
  const pidfile = dir.join('pid')
  const app = await dir.write('app.mjs', 'export default (request, response) => response.end("old")')
  await using server = await startServer({ app, flags: [...flags, '-p', pidfile] })
  writeFileSync(app, 'throw new Error("new and broken")')
  server.claimLog(/new and broken|the new master is gone/)
  server.signal('SIGUSR2')
  await server.expectLog(/the new master is gone: it ended with status 4/)
  assert.equal(existsSync(`${pidfile}.2`), false)
  assert.equal(readPid(pidfile), server.pid)
  assert.equal((await request(server.target, '/')).body, 'old')
})

function readPid(path: string): number {
  return Number(readFileSync(path, 'utf8'))
}

/** Ends what a failed test left: a new master is no child of the test's own once the old one is gone. */
function killTree(pid: number): void {
  for (const member of [...childPids(pid), pid]) {
    try {
      process.kill(member, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
}
