import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeCertificate } from '../helpers/certificate.ts'
import { type DrainPlan, drainSite } from '../helpers/drain-site.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const recycling = ['--max-requests', '200', '--max-requests-jitter', '50'] as const

async function recycleUnderLoad(plan: DrainPlan, times: number): Promise<readonly string[]> {
  await using site = await drainSite(plan)
  const { server } = site
  await using fleet = site.fleet()
  const replaced = () => server.log.filter((line) => /its successor is ready/.test(line)).length
  await until(() => replaced() >= times, { what: `${times} workers to be recycled`, within: 60_000 })
  await fleet.progress(2)
  const wrong = await fleet.settle()
  return [...wrong, ...fleet.tallies().flatMap(({ kind, refused }) => (refused > 0 ? [`${kind} was refused`] : []))]
}

test('recycling by max-requests loses nothing', async () => {
  assert.deepEqual(await recycleUnderLoad({ workers: 2, flags: recycling }, 8), [])
})

test('recycling by max-requests loses nothing when there is one worker, that speaks TLS', async () => {
  await using dir = await tempDir()
  const certificate = makeCertificate(dir)
  assert.deepEqual(await recycleUnderLoad({ workers: 1, flags: recycling, certificate }, 4), [])
})
