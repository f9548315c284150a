import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carriedOut, complaints } from '../helpers/clients/accounts.ts'
import { asking } from '../helpers/clients/client.ts'
import { keptAlive } from '../helpers/clients/kept-alive.ts'
import { eventStream } from '../helpers/clients/streams.ts'
import { drainSite } from '../helpers/drain-site.ts'
import { type HttpConnection, openConnection, type Place } from '../helpers/http-connection.ts'
import { until } from '../helpers/until.ts'

const flags = ['--graceful-timeout', '3', '--log-level', 'debug']

async function connect(place: Place): Promise<HttpConnection> {
  return until(() => openConnection(place), { what: 'a connection' })
}

const upgrade =
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

test('who is not done when the time is up is cut and named in the log, and nobody else feels it', async () => {
  await using site = await drainSite({ workers: 1, flags })
  using endless = await connect(site.shared)
  endless.write(asking('first', { path: '/sleep/600000' }) + asking('behind-it'))
  using stubborn = await connect(site.tcp)
  stubborn.write(upgrade)
  await until(() => /101 Switching Protocols/.test(stubborn.pending().toString()))
  await using events = eventStream(site.tcp)
  await using calm = keptAlive(site.shared, { method: 'POST' })
  await until(() => carriedOut(site.ledger).filter((id) => /^(first|behind-it|event-stream)/.test(id)).length === 3)
  await calm.progress(5)
  site.server.signal('SIGHUP')
  // Each thread of a worker tells of its own.
  const told = () => site.server.log.filter((line) => /\d requests were cut/.test(line))
  const count = () => told().reduce((sum, line) => sum + Number(/(\d+) requests were cut/.exec(line)?.[1]), 0)
  await until(() => count() === 3, { within: 30_000 })
  const cut = told().join('\n')
  assert.match(cut, /GET \/sleep\/600000 \(\d+\.\d s, id \w+\)/)
  assert.match(cut, /GET \/ \(\d+\.\d s, id \w+\)/)
  assert.match(cut, /GET \/events \(\d+\.\d s, id \w+\)/)
  await until(() => endless.isOver() && stubborn.isOver() && events.tally.farewells === 1)
  assert.ok(stubborn.pending().toString('latin1').endsWith('\x88\x02\x03\xe9'), 'the WebSocket was told 1001')
  await calm.progress(5)
  const tallies = [await calm.stop(), await events.stop()]
  const wrong = complaints(tallies, site.ledger).filter((line) => !/^(first|behind-it) was carried out/.test(line))
  assert.deepEqual(wrong, [])
})

test('TERM gives a stream of events all its time, and the server ends with 0', async () => {
  await using site = await drainSite({ flags })
  await using events = eventStream(site.tcp)
  await until(() => carriedOut(site.ledger).length === 1)
  assert.equal((await site.server.stop()).code, 0)
  await until(() => events.tally.refused > 0)
  assert.deepEqual(complaints([await events.stop()], site.ledger), [])
  assert.equal(events.tally.farewells, 1)
})

test('a second TERM cuts what is left at once', async () => {
  await using site = await drainSite({ flags: ['--graceful-timeout', '60'] })
  using endless = await connect(site.shared)
  endless.write(asking('endless', { path: '/sleep/600000' }))
  await until(() => carriedOut(site.ledger).length === 1)
  site.server.signal('SIGTERM')
  await site.server.expectLog(/stopping gracefully/)
  assert.equal((await site.server.stop()).code, 0)
  await site.server.expectLog(/1 requests were cut.*GET \/sleep\/600000/)
  assert.equal(endless.isOver(), true)
})

test('an upload that is answered before it is over gets its answer while the worker leaves', async () => {
  await using site = await drainSite({ workers: 1, flags })
  using upload = await connect(site.tcp)
  upload.write('POST /early HTTP/1.1\r\nHost: a\r\nX-Id: early\r\nContent-Len')
  await using calm = keptAlive(site.shared)
  await calm.progress(1)
  site.server.signal('SIGHUP')
  await site.server.expectLog(/its successor is ready/)
  upload.write(`gth: 3000000\r\n\r\n${'x'.repeat(1_000_000)}`)
  const answer = await upload.answer()
  upload.write('x'.repeat(2_000_000))
  assert.deepEqual([answer.status, answer.body.toString(), answer.closes], [413, 'too large', true])
  await until(() => upload.isOver())
})
