import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { get } from '../helpers/serving-worker.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const careless = `import { Readable, PassThrough, finished } from 'node:stream'
import { pipeline } from 'node:stream/promises'
const endless = () => new Readable({ read() { setTimeout(() => this.push(Buffer.alloc(1000)), 5) } })
const ways = {
  '/download': (request, response) => pipeline(endless(), response),
  '/upload': (request) => pipeline(request, new PassThrough().resume()),
  '/read': async (request) => { for await (const _ of request); },
  '/wait': (request, response) => new Promise((resolve, reject) => {
    response.write('begin')
    finished(response, (error) => error ? reject(error) : resolve())
  }),
  '/broken': () => { const stream = new PassThrough(); setImmediate(() => stream.destroy()); return pipeline(stream, new PassThrough()) },
}
export default async (request, response) => {
  const way = ways[request.url]
  if (way !== undefined) await way(request, response)
  response.end(String(process.pid))
}`

test('clients that leave in the middle end no worker, although the application handles no error', async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', careless)
  await using server = await startServer({ app, flags: ['--log-level', 'debug'] })
  const before = server.workers()
  const left = (): number => server.log.filter((line) => /a client left before its request was done/.test(line)).length
  for (const path of ['/download', '/wait'] as const) {
    await using client = await rawSocket(server.target)
    client.write(get(path))
    await client.receive(/200 OK/)
  }
  for (const path of ['/upload', '/read'] as const) {
    await using client = await rawSocket(server.target)
    client.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n`)
    await client.receive(/100 Continue/)
  }
  await until(() => left() === 4, { what: 'all four to be told' })
  assert.equal((await request(server.target, '/')).status, 200)
  assert.deepEqual(server.workers(), before)
})

test('a stream of the application that breaks off is an error of the application', async () => {
  await using dir = await tempDir()
  await using server = await startServer({ app: await dir.write('app.mjs', careless) })
  server.claimLog(/worker/)
  void request(server.target, '/broken').catch(() => null)
  await server.expectLog(/nobody handled a promise rejected with Error: Premature close/)
})
