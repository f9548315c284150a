import assert from 'node:assert/strict'
import test from 'node:test'
import type { Tally } from '../../../src/contract/tally.ts'
import { Statsd } from '../../../src/metrics/statsd.ts'

function daemon(options: { prefix?: string; tags?: string } = {}) {
  const packets: string[] = []
  const send = (packet: Buffer): void => void packets.push(packet.toString())
  return { packets, statsd: new Statsd({ prefix: '', tags: '', ...options, send }) }
}

const tally = (
  statuses: Record<string, number>,
  samples: readonly number[] = [],
  sampledOf = samples.length,
): Tally => ({
  ...{ statuses, samples, sampledOf },
  ...{ refused: 0, aborted: 0, buckets: [], durationMs: 0 },
})

test('only what is new since the last time is told, under the names of Gunicorn', () => {
  const { statsd, packets } = daemon()
  statsd.take(1, tally({ 200: 3, 404: 1 }, [1.5, 2]))
  statsd.flush()
  statsd.take(1, tally({ 200: 5, 404: 1 }))
  statsd.flush()
  statsd.take(1, tally({ 200: 5, 404: 1 }))
  statsd.flush()
  assert.deepEqual(packets, [
    [
      'gunicorn.request.status.200:3|c',
      'gunicorn.request.status.404:1|c',
      'gunicorn.requests:4|c',
      'gunicorn.request.duration:1.5|ms',
      'gunicorn.request.duration:2|ms',
    ].join('\n'),
    'gunicorn.request.status.200:2|c\ngunicorn.requests:2|c',
  ])
})

test('a worker that takes the place of another begins at nothing', () => {
  const { statsd, packets } = daemon()
  statsd.take(1, tally({ 200: 3 }))
  statsd.leave(1)
  statsd.take(2, tally({ 200: 2 }))
  statsd.flush()
  assert.deepEqual(
    packets[0]?.split('\n').filter((line) => line.includes('.requests')),
    ['gunicorn.requests:3|c', 'gunicorn.requests:2|c'],
  )
})

test('prefix and tags are on every line, and a sample says for how many it stands', () => {
  const { statsd, packets } = daemon({ prefix: 'shop', tags: 'env:prod,a:b' })
  statsd.take(1, tally({ 200: 4 }, [7], 4))
  statsd.logged('error')
  statsd.backlog(3)
  statsd.flush()
  const lines = packets.join('\n').split('\n')
  assert.ok(lines.every((line) => line.startsWith('shop.gunicorn.') && line.endsWith('|#env:prod,a:b')))
  assert.ok(lines.includes('shop.gunicorn.request.duration:7|ms|@0.250000|#env:prod,a:b'))
  assert.ok(lines.includes('shop.gunicorn.log.error:1|c|#env:prod,a:b'))
  assert.ok(lines.includes('shop.gunicorn.backlog:3|h|#env:prod,a:b'))
})

test('the number of workers is told when it changes', () => {
  const { statsd, packets } = daemon()
  for (const count of [2, 2, 3]) statsd.workers(count)
  statsd.flush()
  assert.deepEqual(packets, ['gunicorn.workers:2|g\ngunicorn.workers:3|g'])
})

test('no packet is longer than a frame of Ethernet takes, and no line is cut', () => {
  const { statsd, packets } = daemon()
  const samples = Array.from({ length: 500 }, (_, at) => at + 0.123)
  statsd.take(1, tally({ 200: 500 }, samples))
  statsd.flush()
  assert.ok(packets.length > 1)
  assert.ok(packets.every((packet) => packet.length <= 1432))
  assert.equal(packets.join('\n').split('\n').length, 502)
})
