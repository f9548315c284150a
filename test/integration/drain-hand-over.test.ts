import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeCertificate } from '../helpers/certificate.ts'
import { type DrainSite, drainSite } from '../helpers/drain-site.ts'
import { childPids, isAlive } from '../helpers/process-group.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** Starts a new master and returns its pid when it serves. */
async function handOver({ server }: DrainSite): Promise<number> {
  const told = () => server.log.flatMap((line) => /new master \(pid (\d+)\) serves beside us/.exec(line)?.[1] ?? [])
  const before = told().length
  server.signal('SIGUSR2')
  return Number(await until(() => told()[before], { what: 'the new master to serve', within: 30_000 }))
}

/** Goes back once, then commits, under load; returns what is wrong, and stops the new master in the end. */
async function changeMasters(site: DrainSite): Promise<readonly string[]> {
  const { server } = site
  server.claimLog(/the new master is gone/)
  await using fleet = site.fleet()
  const discarded = await handOver(site)
  await fleet.progress(2)
  process.kill(discarded, 'SIGTERM')
  await server.expectLog(/the new master is gone/, { within: 30_000 })
  await fleet.progress(2)
  const heir = await handOver(site)
  try {
    await fleet.progress(2)
    server.signal('SIGTERM')
    await until(() => !isAlive(server.pid), { what: 'the old master to be gone', within: 30_000 })
    await fleet.progress(2)
    const refused = fleet.tallies().filter((tally) => tally.refused > 0)
    process.kill(heir, 'SIGTERM')
    await until(() => !isAlive(heir), { what: 'the new master to be gone', within: 30_000 })
    return [...(await fleet.settle()), ...refused.map(({ kind }) => `${kind} was refused`)]
  } finally {
    for (const pid of [...childPids(heir), heir]) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  }
}

test('a hand-over to a new master loses nothing: neither going back, nor committing, nor the stop of the new one', async () => {
  await using site = await drainSite()
  assert.deepEqual(await changeMasters(site), [])
})

test('a hand-over loses nothing over TLS with a TCP socket for each worker', async () => {
  await using dir = await tempDir()
  await using site = await drainSite({ flags: ['--reuse-port'], certificate: makeCertificate(dir) })
  assert.deepEqual(await changeMasters(site), [])
})
