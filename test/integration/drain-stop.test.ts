import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { makeCertificate } from '../helpers/certificate.ts'
import { carriedOut } from '../helpers/clients/accounts.ts'
import { asking } from '../helpers/clients/client.ts'
import { type DrainPlan, drainSite } from '../helpers/drain-site.ts'
import { openConnection } from '../helpers/http-connection.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** Stops a server that serves every kind of client, and returns what is wrong then. */
async function stopUnderLoad(plan: DrainPlan): Promise<readonly string[]> {
  await using site = await drainSite(plan)
  await using fleet = site.fleet()
  await fleet.progress(2)
  assert.equal((await site.server.stop()).code, 0)
  for (const { tally } of fleet.clients) await until(() => tally.refused > 0, { what: `${tally.kind} to be refused` })
  assert.equal(existsSync(site.server.socketPath), false)
  return fleet.settle()
}

test('TERM answers all that was taken on, and who comes later is refused at once', async () => {
  assert.deepEqual(await stopUnderLoad({ workers: 2 }), [])
})

test('TERM to a server with one worker loses nothing', async () => {
  assert.deepEqual(await stopUnderLoad({ workers: 1 }), [])
})

test('TERM to a server that speaks TLS, with a TCP socket for each worker, loses nothing', async () => {
  await using dir = await tempDir()
  const certificate = makeCertificate(dir)
  assert.deepEqual(await stopUnderLoad({ workers: 2, flags: ['--reuse-port'], certificate }), [])
})

test('who waits in the queue of a socket when TERM comes is served, by one worker too', async () => {
  await using site = await drainSite({ workers: 1 })
  const blocker = await openConnection(site.tcp)
  blocker?.write(asking('blocker', { path: '/block/700' }))
  await until(() => carriedOut(site.ledger).includes('blocker'))
  const places = [site.shared, site.tcp, site.slots[0] ?? site.tcp]
  const waiting = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const connection = await openConnection(places[index % 3] ?? site.tcp)
      connection?.write(asking(`waiting-${index}`, { method: 'POST' }))
      return connection
    }),
  )
  const stopped = site.server.stop()
  for (const connection of waiting) {
    const answer = await connection?.answer()
    assert.equal(answer?.status, 200)
  }
  assert.equal((await blocker?.answer())?.status, 200)
  assert.equal((await stopped).code, 0)
})
