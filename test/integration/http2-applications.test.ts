import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeCertificate } from '../helpers/certificates.ts'
import { request } from '../helpers/http-request.ts'
import { type Http2Client, http2Client } from '../helpers/http2-client.ts'
import { serving } from '../helpers/serving-worker.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { holdListener, startWorker, type TestWorker, type WorkerPlan } from '../helpers/worker-harness.ts'

type Spoken = AsyncDisposable & { readonly worker: TestWorker; readonly port: number; readonly client: Http2Client }

/** A worker that speaks HTTP/2, and one who speaks it with it. */
async function speak(dir: TempDir, app: string, config: WorkerPlan['config'] = {}): Promise<Spoken> {
  const { certfile, keyfile } = await makeCertificate(dir, 'site')
  const listener = holdListener()
  const { port } = listener.target as { port: number }
  const settings = { certfile, keyfile, httpProtocols: ['h1', 'h2'] as const, ...config }
  const worker = startWorker({ app: `test/apps/${app}`, listeners: [listener], config: settings })
  await worker.serve()
  const client = await http2Client(port)
  return {
    ...{ worker, port, client },
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]()
      await worker[Symbol.asyncDispose]()
      listener[Symbol.dispose]()
    },
  }
}

for (const framework of ['express', 'express4', 'koa', 'fastify', 'hono', 'listener']) {
  test(`an unmodified application of ${framework} serves HTTP/2, and HTTP/1.1 beside it`, async () => {
    await using dir = await tempDir()
    await using spoken = await speak(dir, `who/${framework}.mjs`)
    const { client, port } = spoken
    const who = await client.request('/who')
    const { ip, protocol, secure, hostname } = JSON.parse(who.body) as Record<string, unknown>
    assert.deepEqual([who.status, ip, protocol, secure, hostname], [200, '127.0.0.1', 'https', true, 'localhost'])
    assert.match(String(who.headers['set-cookie']), /^a=b; .*secure/i)
    const redirect = await client.request('/redirect')
    assert.deepEqual([redirect.status, redirect.headers['location']], [302, '/who'])
    const body = 'x'.repeat(300_000)
    const headers = { 'content-type': 'application/octet-stream' }
    const echoes = await Promise.all([1, 2, 3].map(() => client.request('/echo', { method: 'POST', body, headers })))
    assert.deepEqual(
      echoes.map((echo) => echo.body === body),
      [true, true, true],
    )
    const head = await client.request('/who', { method: 'HEAD' })
    assert.deepEqual(
      [head.status, head.body],
      [framework === 'koa' || framework === 'listener' ? 200 : head.status, ''],
    )
    const old = await request({ port }, '/who', { tls: true })
    assert.deepEqual([old.status, (old.json() as Record<string, unknown>)['protocol']], [200, 'https'])
    const forwarded = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9', 'x-forwarded-proto': 'https' }
    const both = await Promise.all([client.request('/who', { headers: forwarded }), client.request('/who')])
    const seen = both.map((answer) => JSON.parse(answer.body) as Record<string, unknown>)
    assert.deepEqual(
      seen.map((client) => client['ip']),
      ['203.0.113.9', '127.0.0.1'],
    )
  })
}

test('a request over HTTP/2 looks as one of node:http does', async () => {
  await using dir = await tempDir()
  await using spoken = await speak(dir, 'who/listener.mjs')
  const { body } = await spoken.client.request('/who?a=b', { headers: { cookie: ['a=1', 'b=2'], 'x-a': 'b' } })
  const { headers, rawHeaders, httpVersion, method } = JSON.parse(body) as Record<string, unknown>
  const port = spoken.port
  const shown = { host: `localhost:${port}`, 'x-a': 'b', cookie: 'a=1; b=2' }
  const { 'x-request-id': id, ...others } = headers as Record<string, string>
  assert.deepEqual(others, shown)
  assert.deepEqual(rawHeaders, [...Object.entries(shown).flat(), 'X-Request-Id', id])
  assert.deepEqual([httpVersion, method], ['2.0', 'GET'])
})

test('early hints and trailers go through, both ways, and headers about a connection stay behind', async () => {
  await using dir = await tempDir()
  await using spoken = await speak(dir, 'who/listener.mjs')
  const early = await spoken.client.request('/early')
  assert.deepEqual(
    early.hints.map((hint) => [hint[':status'], hint['link']]),
    [[103, '</a.css>; rel=preload, </b.css>; rel=preload']],
  )
  assert.equal(early.status, 200)
  const answer = await spoken.client.request('/trailers')
  assert.deepEqual([answer.status, answer.trailers['x-sum']], [200, '42'])
  assert.deepEqual([answer.headers['connection'], answer.headers['transfer-encoding']], [undefined, undefined])
  const old = await request({ port: spoken.port }, '/trailers', { tls: true })
  assert.equal(old.body, 'abc{}')
})

test('a fetch handler over HTTP/2 streams, sets several cookies and hears that its client gave up', async () => {
  await using dir = await tempDir()
  await using spoken = await speak(dir, 'fetch-handler.mjs')
  const { client } = spoken
  const cookies = await client.request('/cookies')
  assert.deepEqual(
    [cookies.status, cookies.headers['set-cookie'], cookies.headers['content-length']],
    [201, ['a=1', 'b=2'], '11'],
  )
  const events = client.session.request({ ':path': '/events' })
  events.on('error', () => {})
  let seen = ''
  events.on('data', (chunk: Buffer) => {
    seen += chunk.toString()
  })
  await until(() => seen.includes('first'))
  events.close(8)
  await until(async () => (await client.request('/aborted')).body === '1')
  assert.equal((await client.request('/throw')).status, 500)
})

test('a leaving worker answers what has begun, tells HTTP/2 clients which request was the last, and then is gone', async () => {
  await using dir = await tempDir()
  await using spoken = await speak(dir, 'obedient.mjs', { drainIdle: 200 })
  const { client, worker } = spoken
  await using other = await http2Client(spoken.port)
  await other.request('/')
  const slow = client.request('/sleep/700')
  await client.request('/')
  worker.drain(20_000)
  await until(() => client.goaways().length > 0)
  assert.equal(client.goaways()[0], 3)
  assert.equal((await slow).status, 200)
  assert.equal(await worker.ended(), 0)
  assert.ok(other.goaways().length > 0)
})

test('a worker whose time is over cuts streams too, and names them in its log', async () => {
  await using dir = await tempDir()
  await using spoken = await speak(dir, 'who/listener.mjs')
  const never = spoken.client.request('/never')
  never.catch(() => {})
  await spoken.client.request('/who')
  spoken.worker.drain(300)
  assert.equal(await spoken.worker.ended(), 0)
  await assert.rejects(never)
  assert.match(spoken.worker.log(), /1 requests were cut.*GET \/never/)
})

test('with h2 alone, a client that does not speak it gets no connection; without it, HTTP/2 is not offered', async () => {
  await using dir = await tempDir()
  await using only = await speak(dir, 'who/listener.mjs', { httpProtocols: ['h2'] })
  await assert.rejects(request({ port: only.port }, '/who', { tls: true }))
  assert.equal((await only.client.request('/who')).status, 200)
  const { certfile, keyfile } = await makeCertificate(dir, 'other')
  await using old = await serving('who/listener.mjs', { certfile, keyfile })
  await assert.rejects(http2Client((old.listener.target as { port: number }).port))
})
