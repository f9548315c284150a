import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request, type Target } from '../helpers/http-request.ts'
import { peakBytes, residentBytes } from '../helpers/process-figures.ts'
import { startServer } from '../helpers/start-server.ts'
import { askAndIgnore, download, upload } from '../helpers/transfers.ts'

const gigabyte = 1e9
const megabyte = 1e6

async function made(target: Target): Promise<number> {
  return Number((await request(target, '/made')).body)
}

test('a gigabyte goes and comes whole, and the worker stays as small as it was', async (context) => {
  await using server = await startServer({ app: 'bulk', bind: 'tcp' })
  const worker = server.workers()[0] ?? 0
  await download(server.target, '/bytes/1000000')
  const [before, begun] = [residentBytes(worker), performance.now()]
  assert.equal(await download(server.target, `/bytes/${gigabyte}`), gigabyte)
  using sent = upload(server.target, '/', gigabyte)
  assert.equal(await sent.answer, `${gigabyte} bytes, ${gigabyte} of them right`)
  const grown = peakBytes(worker) - before
  context.diagnostic(`${Math.round(performance.now() - begun)} ms, ${Math.round(grown / megabyte)} MB more`)
  assert.ok(grown < 100 * megabyte, `grew by ${grown} bytes`)
})

test('no more of an answer is made than the client takes', async () => {
  await using server = await startServer({ app: 'bulk' })
  using _deaf = askAndIgnore(server.target, `/bytes/${gigabyte}`)
  for (let probe = 0; probe < 20; probe += 1) await made(server.target)
  assert.ok((await made(server.target)) > 0)
  assert.ok((await made(server.target)) < 10 * megabyte, `${await made(server.target)} bytes were made`)
})

test('no more of a body is read than the application wants', async () => {
  await using server = await startServer({ app: 'bulk' })
  const worker = server.workers()[0] ?? 0
  const before = residentBytes(worker)
  using waiting = upload(server.target, '/wait', 100 * megabyte)
  for (let probe = 0; probe < 20; probe += 1) await made(server.target)
  assert.ok(waiting.sent() < 10 * megabyte, `${waiting.sent()} bytes were taken`)
  assert.ok(residentBytes(worker) - before < 50 * megabyte)
  await request(server.target, '/go')
  assert.equal(await waiting.answer, '100000000 bytes, 100000000 of them right')
})
