import assert from 'node:assert/strict'
import { chmodSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { keepAliveAgent, request } from '../helpers/http-request.ts'
import { findApp } from '../helpers/repository.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const asSomebody = process.getuid?.() === 0 ? ['--user', 'nobody'] : []

test('a worker that becomes a user, and stops and goes on accepting, does without a foreign function library', async () => {
  await using dir = await tempDir()
  chmodSync(dir.path, 0o777)
  const app = await dir.write('app.mjs', readFileSync(findApp('hello'), 'utf8'), 0o644)
  const flags = [...asSomebody, '-w', '2', '-k', 'sync', '-b', `unix:${dir.join('{slot}')}`, '--drain-idle', '0.1']
  await using server = await startServer({ app, cwd: dir.path, flags })
  const [stays = 0, goes = 0] = server.workers()
  const ask = async (slot: number): Promise<void> => {
    using agent = keepAliveAgent(1)
    for (let asked = 0; asked < 3; asked += 1)
      assert.equal((await request({ socketPath: dir.join(String(slot)) }, '/', { agent })).status, 200)
  }
  await ask(1)
  // Its socket is covered by the other worker, which has to let go of it again.
  process.kill(goes, 'SIGKILL')
  server.claimLog(/was killed by SIGKILL/)
  await ask(1)
  await ask(2)
  await until(() => server.workers().length === 2 && !server.workers().includes(goes))
  await ask(1)
  await ask(2)
  assert.ok(server.workers().includes(stays))
  for (const pid of server.workers()) assert.deepEqual(librariesOf(pid), [], `worker ${pid}`)
  assert.notDeepEqual(librariesOf(server.pid), [], 'the master has one, so it can be seen')
})

function librariesOf(pid: number): readonly string[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')
  return [...new Set(maps.flatMap((line) => line.match(/\S*koffi\S*/g) ?? []))]
}
