import assert from 'node:assert/strict'
import { test } from 'node:test'
import { childPids, isAlive } from '../helpers/process-group.ts'
import type { Server } from '../helpers/start-server.ts'
import { until } from '../helpers/until.ts'
import { behindNginx, type Event } from './behind-nginx.ts'
import { needs } from './needs.ts'

const skip = needs('nginx', 'openssl')

test('TTOU down to one worker behind nginx loses nothing, also at the sockets of the workers that left', {
  skip,
}, async () => {
  const event: Event = async (server, progress) => {
    for (const wanted of [2, 1]) {
      server.signal('SIGTTOU')
      await until(() => server.workers().length === wanted, { what: `${wanted} workers`, within: 30_000 })
      await progress(2)
    }
  }
  assert.deepEqual(await behindNginx(event, { workers: 3 }), [])
})

test('recycling by max-requests behind nginx loses nothing', { skip }, async () => {
  const event: Event = async (server) => {
    const replaced = () => server.log.filter((line) => /its successor is ready/.test(line)).length
    await until(() => replaced() >= 6, { what: 'six workers to be recycled', within: 60_000 })
  }
  const flags = ['--max-requests', '200', '--max-requests-jitter', '50', '--timeout', '10']
  assert.deepEqual(await behindNginx(event, { flags }), [])
})

test('TERM behind nginx answers all that was handed over, and nginx answers 502 to who comes later', {
  skip,
}, async () => {
  const event: Event = async (server) => {
    assert.equal((await server.stop()).code, 0)
  }
  assert.deepEqual(await behindNginx(event, { stops: true }), [])
})

test('a hand-over behind nginx loses nothing, neither going back nor committing', { skip }, async () => {
  let heir = 0
  const event: Event = async (server, progress) => {
    server.claimLog(/the new master is gone/)
    const discarded = await nextMaster(server, 0)
    await progress(2)
    process.kill(discarded, 'SIGTERM')
    await server.expectLog(/the new master is gone/, { within: 30_000 })
    heir = await nextMaster(server, 1)
    await progress(2)
    server.signal('SIGTERM')
    await until(() => !isAlive(server.pid), { what: 'the old master to be gone', within: 30_000 })
  }
  try {
    assert.deepEqual(await behindNginx(event), [])
  } finally {
    for (const pid of [...childPids(heir), heir]) if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL')
  }
})

/** Starts a new master, the one after so many, and returns its pid when it serves. */
async function nextMaster(server: Server, before: number): Promise<number> {
  const told = () => server.log.flatMap((line) => /new master \(pid (\d+)\) serves beside us/.exec(line)?.[1] ?? [])
  server.signal('SIGUSR2')
  return Number(await until(() => told()[before], { what: 'the new master to serve', within: 30_000 }))
}
