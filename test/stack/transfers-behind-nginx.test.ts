import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { peakBytes, residentBytes } from '../helpers/process-figures.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { askAndIgnore, download, upload } from '../helpers/transfers.ts'
import { needs } from './needs.ts'
import { type ServedSite, serveSite } from './serve-site.ts'

const gigabyte = 1e9
const megabyte = 1e6
const skip = needs('nginx')

function serveBulk({ answers }: ServedSite): Promise<Server> {
  return startServer({ app: 'bulk', flags: ['-b', `unix:${answers.runtimeDirectory}/{slot}.sock`] })
}

test('a gigabyte comes and goes whole through nginx, and the worker stays as small as it was', {
  skip,
}, async (context) => {
  await using site = await serveSite({ tls: 'off', workers: 1, maxBody: 2 * 1024 ** 3 })
  await using server = await serveBulk(site)
  const worker = server.workers()[0] ?? 0
  const target = { port: site.httpPort }
  await download(target, '/bytes/1000000')
  const [before, begun] = [residentBytes(worker), performance.now()]
  assert.equal(await download(target, `/bytes/${gigabyte}`), gigabyte)
  using sent = upload(target, '/', gigabyte)
  assert.equal(await sent.answer, `${gigabyte} bytes, ${gigabyte} of them right`)
  const grown = peakBytes(worker) - before
  context.diagnostic(`${Math.round(performance.now() - begun)} ms, ${Math.round(grown / megabyte)} MB more`)
  assert.ok(grown < 100 * megabyte, `grew by ${grown} bytes`)
})

test('behind nginx no more of an unbuffered answer is made than the visitor takes', { skip }, async () => {
  await using site = await serveSite({ tls: 'off', workers: 1 })
  await using server = await serveBulk(site)
  using _deaf = askAndIgnore({ port: site.httpPort }, `/bytes/${gigabyte}`)
  const made = async (): Promise<number> => Number((await request(server.target, '/made')).body)
  for (let probe = 0; probe < 20; probe += 1) await made()
  assert.ok((await made()) > 0)
  // The kernel holds some megabytes for each of the two connections.
  assert.ok((await made()) < 50 * megabyte, `${await made()} bytes were made`)
})
