import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drainSite } from '../helpers/drain-site.ts'
import { until } from '../helpers/until.ts'

test('twenty reloads under load lose nothing: no request, upload, download or farewell to a WebSocket', async () => {
  await using site = await drainSite()
  const { server } = site
  const first = server.workers()
  await using fleet = site.fleet()
  const done = () => server.log.filter((line) => /reloaded: 2 workers replaced/.test(line)).length
  for (let round = 1; round <= 20; round += 1) {
    server.signal('SIGHUP')
    await until(() => done() === round, { what: `reload ${round}`, within: 120_000 })
  }
  await fleet.progress(2)
  assert.deepEqual(await fleet.settle(), [])
  assert.ok(server.workers().every((pid) => !first.includes(pid)))
  for (const { kind, refused, farewells } of fleet.tallies()) {
    assert.equal(refused, 0, kind)
    if (kind === 'websocket') assert.ok(farewells >= 10, `a WebSocket was told ${farewells} times`)
  }
})
