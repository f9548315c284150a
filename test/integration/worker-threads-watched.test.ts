import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { StatusView } from '../../src/contract/control.ts'
import { request, type Target } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { repository } from '../helpers/repository.ts'
import { scrape, sumOf as sum } from '../helpers/scrape.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const threads = 3

/** Asks on connections of their own, many at a time, until every thread has answered; returns all that was answered. */
async function askAll<Seen extends { readonly thread: number }>(target: Target, headers: Record<string, string> = {}) {
  const seen: Seen[] = []
  await until(async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => request(target, '/20', { headers })))
    seen.push(...answers.map((answer) => answer.json() as Seen))
    return new Set(seen.map(({ thread }) => thread)).size === threads
  })
  return seen
}

test('rotation while all threads write loses no line of the access log, writes none twice and tears none', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  const format = ['--access-logfile', file, '--access-logformat', '%({x-number}i)s %(U)s %(p)s']
  await using server = await startServer({ app: 'obedient', flags: ['--threads', `${threads}`, ...format] })
  const [pid] = server.workers()
  const sent = new Set<string>()
  const client = async (name: number): Promise<void> => {
    for (let count = 0; count < 100; count += 1) {
      await request(server.target, '/r', { headers: { 'X-Number': `${name}-${count}` } })
      sent.add(`${name}-${count}`)
    }
  }
  const clients = Promise.all([1, 2, 3, 4].map(client))
  for (let round = 1; round <= 4; round += 1) {
    const before = sent.size
    await until(() => sent.size >= Math.min(before + 50, 400))
    renameSync(file, `${file}.${round}`)
    server.signal('SIGUSR1')
    await until(() => existsSync(file))
  }
  await clients
  await server.stop()
  const names = readdirSync(dir.path).filter((name) => name.startsWith('access.log'))
  const found = names.flatMap((name) => readFileSync(dir.join(name), 'utf8').split('\n').slice(0, -1))
  assert.deepEqual(found.sort(), [...sent].map((number) => `${number} /r <${pid}>`).sort())
})

test('metrics and ctl status tell of a worker what all its threads did, and nothing is lost when it is replaced', async () => {
  await using dir = await tempDir()
  const [place, control] = [{ socketPath: dir.join('metrics') }, dir.join('control')]
  const flags = [
    '--metrics-bind',
    `unix:${place.socketPath}`,
    '--control-socket',
    control,
    '--drain-idle',
    '0.2',
    '--timeout',
    '2',
  ]
  await using server = await startServer({ app: 'counts-inside', flags: ['--threads', `${threads}`, ...flags] })
  await using load = startLoad({ target: server.target, connections: 6 })
  await load.progress(100)
  const { answered } = await load.stop()
  const counted = async () => sum(await scrape(place), 'tsicorn_requests_total', { status: '2xx' })
  await until(async () => (await counted()) === answered, { what: `${answered} requests to be counted` })
  const found = await scrape(place)
  assert.equal(sum(found, 'tsicorn_request_duration_seconds_count'), answered)
  assert.equal(sum(found, 'tsicorn_workers', { state: 'ready' }), 1)
  const status = async () => {
    const { stdout } = await spawnCli(['ctl', 'status', '--json', '--control-socket', control])
    return (JSON.parse(stdout) as { readonly view: StatusView }).view.workers
  }
  assert.deepEqual(
    (await status()).map(({ pid, requests, inFlight }) => [pid, requests, inFlight]),
    [[server.workers()[0], answered, 0]],
  )
  const waiting = Promise.all(Array.from({ length: 6 }, () => request(server.target, '/1500')))
  await until(async () => (await status())[0]?.inFlight === 6)
  server.signal('SIGHUP')
  assert.ok((await waiting).every(({ status: code }) => code === 200))
  await server.expectLog(/reloaded: 1 worker/)
  await until(async () => (await counted()) === answered + 6, { what: 'the last answers of the old worker' })
})

test('every thread calls the hooks of its requests and says which it is', async () => {
  await using dir = await tempDir()
  const text = `import { appendFileSync } from 'node:fs'
import { threadId } from 'node:worker_threads'
const tell = (name) => ({ id, thread, pid }) =>
  appendFileSync(new URL('told', import.meta.url), [name, id, thread, pid === process.pid, threadId > 0].join(' ') + '\\n')
export default {
  postSpawn: tell('postSpawn'), workerReady: tell('workerReady'), workerExit: tell('workerExit'),
  preRequest: tell('preRequest'), postRequest: tell('postRequest'),
}`
  const file = await dir.write('tsicorn.config.mjs', text)
  const flags = ['--threads', `${threads}`, '--config', file, '--drain-idle', '0.2']
  await using server = await startServer({ app: 'counts-inside', flags })
  const { length } = await askAll(server.target)
  await server.stop()
  const told = readFileSync(dir.join('told'), 'utf8').trimEnd().split('\n')
  for (const name of ['postSpawn', 'workerReady', 'workerExit']) {
    const lines = told.filter((line) => line.startsWith(name)).sort()
    assert.deepEqual(
      lines,
      [1, 2, 3].map((thread) => `${name} 1 ${thread} true true`),
    )
  }
  for (const name of ['preRequest', 'postRequest']) {
    const lines = told.filter((line) => line.startsWith(name))
    assert.equal(lines.length, length)
    assert.equal(new Set(lines).size, threads)
  }
})

test('in every thread requests have ids of their own, the request at hand is known, and the client is the forwarded one', async () => {
  await using dir = await tempDir()
  const door = pathToFileURL(`${repository}/dist/request.js`)
  const app = await dir.write(
    'app.mjs',
    `import { threadId } from 'node:worker_threads'
import { currentRequest } from ${JSON.stringify(String(door))}
export default async (request, response) => {
  await new Promise((resolve) => setTimeout(resolve, 20))
  const { remoteAddress: ip, encrypted } = request.socket
  response.end(JSON.stringify({ thread: threadId, id: request.headers['x-request-id'], current: currentRequest().id, ip, encrypted }))
}`,
  )
  await using server = await startServer({ app, flags: ['--threads', `${threads}`] })
  type Seen = { thread: number; id: string; current: string; ip: string; encrypted: boolean }
  const headers = { 'X-Forwarded-For': '1.2.3.4, 203.0.113.9', 'X-Forwarded-Proto': 'https' }
  const seen = await askAll<Seen>(server.target, headers)
  assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length)
  for (const { id, current, ip, encrypted } of seen)
    assert.deepEqual([current, ip, encrypted], [id, '203.0.113.9', true])
})
