import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { freePort } from '../helpers/free-port.ts'
import { request } from '../helpers/http-request.ts'
import { cpuTicks } from '../helpers/process-figures.ts'
import { isAlive } from '../helpers/process-group.ts'
import { findApp } from '../helpers/repository.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const isSpinning = (pid: number): boolean => cpuTicks(pid) > 60

test('whoever is stuck in loading the application goes with a killed master: a new worker, and what tries a reload', async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', readFileSync(findApp('obedient'), 'utf8'))
  await using server = await startServer({ app })
  writeFileSync(app, 'for (;;);')
  server.signal('SIGTTIN')
  // Of two signals at once the kernel hands out the one with the lower number first.
  await until(() => server.workers().length === 2)
  server.signal('SIGHUP')
  await until(() => server.workers().length === 3 && server.workers().slice(1).every(isSpinning))
  const children = server.workers()
  server.signal('SIGKILL')
  await server.ended
  await until(() => children.every((pid) => !isAlive(pid)))
})

test('the port of a killed master can be had at once, although a stuck worker has it that goes by another name', async () => {
  const text = readFileSync(findApp('obedient'), 'utf8')
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', `process.title = 'next-server (v15)'\n${text}`)
  const flags = ['-b', `127.0.0.1:${await freePort()}`]
  await using first = await startServer({ app, flags })
  const [worker = 0] = first.workers()
  void request(first.target, '/block/60000').catch(() => null)
  await until(() => isSpinning(worker))
  first.signal('SIGKILL')
  await using second = await startServer({ app, flags })
  assert.equal((await request(second.target, '/')).status, 200)
  await until(() => !isAlive(worker))
})

test('a stopped worker goes with a killed master when another one notices, and else when its address is wanted', async () => {
  const flags = ['-b', `127.0.0.1:${await freePort()}`]
  await using first = await startServer({ app: 'obedient', flags: [...flags, '-w', '2'] })
  const workers = first.workers()
  process.kill(workers[0] ?? 0, 'SIGSTOP')
  first.signal('SIGKILL')
  await until(() => workers.every((pid) => !isAlive(pid)))
  await using second = await startServer({ app: 'obedient', flags })
  const [alone = 0] = second.workers()
  process.kill(alone, 'SIGSTOP')
  second.signal('SIGKILL')
  // It has the log open still, so that is not closed.
  await until(() => !isAlive(second.pid))
  assert.ok(isAlive(alone), 'nobody could tell it')
  await using third = await startServer({ app: 'obedient', flags })
  assert.equal((await request(third.target, '/')).status, 200)
  assert.equal(isAlive(alone), false)
})
