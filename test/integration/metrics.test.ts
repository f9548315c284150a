import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { libc } from '../../src/system/libc.ts'
import { family, socketType } from '../../src/system/numbers.ts'
import { encodeUnix } from '../../src/system/socket-address.ts'
import { freePort } from '../helpers/free-port.ts'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { scrape, sumOf as sum } from '../helpers/scrape.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const spawned = async (
  flags: readonly string[],
): Promise<{ server: Server; place: { socketPath: string }; dir: AsyncDisposable }> => {
  const dir = await tempDir()
  const place = { socketPath: dir.join('metrics.sock') }
  const own = ['--metrics-bind', `unix:${place.socketPath}`, '--timeout', '10', '--drain-idle', '0.2']
  return { server: await startServer({ app: 'obedient', flags: [...own, ...flags] }), place, dir }
}

test('a scrape tells of every worker what it did, and the sums are those of all clients', async () => {
  const { server, place, dir } = await spawned(['-w', '2'])
  await using _dir = dir
  await using _server = server
  await using load = startLoad({ target: server.target, connections: 4 })
  await load.progress(100)
  const { answered } = await load.stop()
  const found = await until(async () => {
    const now = await scrape(place)
    return sum(now, 'tsicorn_requests_total', { status: '2xx' }) === answered ? now : null
  })
  assert.equal(sum(found, 'tsicorn_request_duration_seconds_count'), answered)
  assert.equal(sum(found, 'tsicorn_workers', { state: 'ready' }), 2)
  assert.equal(sum(found, 'tsicorn_workers_wanted'), 2)
  assert.equal(sum(found, 'tsicorn_build_info'), 1)
  assert.ok(sum(found, 'tsicorn_worker_resident_memory_bytes') > 2e7)
  assert.ok(sum(found, 'tsicorn_worker_cpu_seconds_total') > 0)
  assert.equal(sum(found, 'tsicorn_listen_backlog'), 2048)
  assert.ok(found.families.every(({ name, help }) => name.startsWith('tsicorn_') && help.length > 5))
  assert.equal((await request(place, '/')).status, 404)
  assert.equal((await request(place, '/metrics', { method: 'POST' })).status, 405)
})

/** What a worker is made of makes no difference to what it counts. */
const storms = { processes: ['-w', '2'], threads: ['-w', '2', '-k', 'threads', '--threads', '2'] } as const

for (const [kind, flags] of Object.entries(storms)) {
  test(`no counter goes back while workers (${kind}) are killed and reloaded, and their ends are counted by what they were`, () =>
    storm(flags))
}

async function storm(flags: readonly string[]): Promise<void> {
  const { server, place, dir } = await spawned(flags)
  await using _dir = dir
  await using _server = server
  server.claimLog(/killed|SIGKILL/)
  await using load = startLoad({ target: server.target, connections: 2 })
  const counters = async (): Promise<Map<string, number>> => {
    const { samples } = await scrape(place)
    const rows = samples.filter(({ name }) => /_(?:total|count|sum|bucket)$/.test(name))
    return new Map(rows.map(({ name, labels, value }) => [`${name}${JSON.stringify(labels)}`, value]))
  }
  let before = await counters()
  const look = async (): Promise<void> => {
    const now = await counters()
    for (const [name, value] of before) assert.ok((now.get(name) ?? -1) >= value, `${name} went back`)
    before = now
  }
  for (let round = 1; round <= 3; round += 1) {
    await load.progress(50)
    await look()
    // One that has been replaced may still be leaving: it would not die, but go early.
    await until(() => server.workers().length === 2)
    const [worker] = server.workers()
    assert.ok(worker)
    process.kill(worker, 'SIGKILL')
    await until(() => server.workers().length === 2 && !server.workers().includes(worker))
    await look()
    server.signal('SIGHUP')
    const reloaded = async () => sum(await scrape(place), 'tsicorn_reloads_total', { outcome: 'succeeded' }) === round
    await until(reloaded, { what: 'the reload', within: 60_000 })
    await look()
  }
  await load.stop()
  const end = await scrape(place)
  assert.equal(sum(end, 'tsicorn_worker_exits_total', { reason: 'died' }), 3)
  await until(async () => sum(await scrape(place), 'tsicorn_worker_exits_total', { reason: 'replaced' }) === 6)
  assert.ok(sum(await scrape(place), 'tsicorn_worker_drain_seconds_count') >= 6)
}

test('what a worker counted up to its last answer is not lost when it is replaced', async () => {
  const { server, place, dir } = await spawned(['-w', '1'])
  await using _dir = dir
  await using _server = server
  await using load = startLoad({ target: server.target, connections: 2 })
  await load.progress(30)
  server.signal('SIGHUP')
  await server.expectLog(/reloaded:/)
  await load.progress(30)
  const { answered } = await load.stop()
  await until(async () => sum(await scrape(place), 'tsicorn_requests_total') === answered)
})

test('metrics stand on an address of their own, which nothing else answers on', async () => {
  const port = await freePort()
  await using server = await startServer({ app: 'obedient', flags: ['--metrics-bind', `127.0.0.1:${port}`] })
  assert.ok(sum(await scrape({ port }), 'tsicorn_workers') > 0)
  assert.equal((await request(server.target, '/metrics')).json() !== null, true)
})

test('an address for metrics that is taken stops the start with a message', async () => {
  await using server = await startServer({ app: 'obedient', bind: 'tcp' })
  const flags = ['--metrics-bind', `127.0.0.1:${server.port}`]
  await assert.rejects(startServer({ app: 'obedient', flags }), new RegExp(`status 5[^]*127.0.0.1:${server.port}`))
})

test('a statsd daemon hears of every request, once, with its tags', async () => {
  const socket = createSocket('udp4')
  const lines: string[] = []
  socket.on('message', (packet) => lines.push(...packet.toString().split('\n')))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address() as AddressInfo
  try {
    const own = ['--statsd-prefix', 'shop', '--dogstatsd-tags', 'env:test,zone:a', '--timeout', '10']
    const flags = ['--statsd-host', `127.0.0.1:${port}`, ...own]
    await using server = await startServer({ app: 'obedient', flags })
    await using load = startLoad({ target: server.target, connections: 2 })
    await load.progress(50)
    const { answered } = await load.stop()
    const count = (name: string): number =>
      lines
        .map((line) => new RegExp(`^shop\\.gunicorn\\.${name}:(\\d+)\\|c\\|#env:test,zone:a$`).exec(line)?.[1])
        .reduce((total, number) => total + Number(number ?? 0), 0)
    await until(() => count('requests') === answered && count('request\\.status\\.200') === answered)
    assert.ok(
      lines.some((line) => /^shop\.gunicorn\.request\.duration:[\d.]+\|ms(\|@[\d.]+)?\|#env:test,zone:a$/.test(line)),
    )
    assert.ok(lines.includes('shop.gunicorn.workers:1|g|#env:test,zone:a'))
  } finally {
    socket.close()
  }
})

test('a statsd daemon on a unix datagram socket hears of requests, and one that is gone costs nothing', async () => {
  await using dir = await tempDir()
  const path = dir.join('statsd.sock')
  const flags = ['--statsd-host', `unix:${path}`, '--dogstatsd-tags', 'env:test', '--timeout', '10']
  await using server = await startServer({ app: 'obedient', flags })
  assert.equal((await request(server.target, '/')).status, 200)
  const fd = libc().socket(family.unix, socketType.datagram)
  try {
    libc().bind(fd, encodeUnix(path))
    const space = Buffer.alloc(2000)
    await until(async () => {
      await request(server.target, '/')
      return /gunicorn\.requests:\d+\|c\|#env:test/.test(space.toString('latin1', 0, libc().receive(fd, space)))
    })
  } finally {
    closeSync(fd)
  }
})
