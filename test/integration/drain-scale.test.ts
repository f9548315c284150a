import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeCertificate } from '../helpers/certificate.ts'
import { type DrainSite, drainSite } from '../helpers/drain-site.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** From four workers to one and back to three, with clients at every socket. */
async function scaleUnderLoad(site: DrainSite): Promise<readonly string[]> {
  const { server } = site
  await using fleet = site.fleet()
  for (const [signal, wanted] of [
    ['SIGTTOU', 3],
    ['SIGTTOU', 2],
    ['SIGTTOU', 1],
    ['SIGTTIN', 2],
    ['SIGTTIN', 3],
  ] as const) {
    await fleet.progress(1)
    server.signal(signal)
    await until(() => server.workers().length === wanted, { what: `${wanted} workers`, within: 30_000 })
  }
  await fleet.progress(2)
  const wrong = await fleet.settle()
  const refused = fleet.tallies().filter((tally) => tally.refused > 0)
  return [...wrong, ...refused.map(({ kind }) => `${kind} was refused`)]
}

test('TTOU down to one worker, then TTIN, loses nothing, also at the sockets of the workers that left', async () => {
  await using site = await drainSite({ workers: 4 })
  assert.deepEqual(await scaleUnderLoad(site), [])
})

test('TTOU down to one worker, then TTIN, loses nothing over TLS with a TCP socket for each worker', async () => {
  await using dir = await tempDir()
  await using site = await drainSite({ workers: 4, flags: ['--reuse-port'], certificate: makeCertificate(dir) })
  assert.deepEqual(await scaleUnderLoad(site), [])
})
