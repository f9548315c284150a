import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'

const app = 'test/apps/echo.mjs'

test('a worker loads a request listener, serves it on the inherited listener and leaves when drained', async () => {
  using listener = holdListener()
  await using worker = startWorker({ app, listeners: [listener] })
  await worker.serve()
  const { status, body } = await request(listener.target, '/hello')
  assert.equal(status, 200)
  assert.equal(JSON.parse(body).url, '/hello')
  worker.drain(5000)
  assert.equal(await worker.ended(), 0)
})
