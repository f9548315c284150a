import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rawSocket } from '../helpers/raw-socket.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'

const code = `export default (request, response) => {
  if (request.url === '/refuse') return response.writeHead(403, { 'content-length': 0 }).end()
  if (request.url === '/begin') response.writeHead(200)
  if (request.url === '/flush') response.flushHeaders()
  request.pipe(response)
}`

const head = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n`

test('a client that waits to be told is told, whether the application reads first or begins its answer first', async () => {
  await using dir = await tempDir()
  using listener = holdListener()
  await using worker = startWorker({ app: await dir.write('app.mjs', code), listeners: [listener] })
  await worker.serve()
  for (const path of ['/read', '/begin', '/flush']) {
    await using socket = await rawSocket(listener.target)
    socket.write(head(path))
    await socket.receive(/^HTTP\/1\.1 100 Continue\r\n\r\n/)
    socket.write('hello')
    await socket.receive(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n.*hello/s)
  }
  await using refused = await rawSocket(listener.target)
  refused.write(head('/refuse'))
  await refused.receive(/HTTP\/1\.1 403 Forbidden/)
  assert.doesNotMatch(refused.received(), /100 Continue/)
})
