import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { keepAliveAgent, request } from '../helpers/http-request.ts'
import { repository } from '../helpers/repository.ts'
import { startServer } from '../helpers/start-server.ts'

/** What one request runs of our own code: functions called, and blocks entered, which a loop does again and again. */
type Work = { readonly calls: number; readonly blocks: number }

type Scripts = readonly {
  readonly url: string
  readonly calls: readonly number[]
  readonly blocks: readonly number[]
}[]

const recorded: Readonly<Record<string, Work>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'request-path.json'), 'utf8'),
)
const tolerance = 0.1

/** More than anything in the background happens meanwhile, so that a whole number for each request is left of a count. */
const requests = 1000

const browser = { accept: 'text/html', cookie: 'session=0123456789abcdef', 'user-agent': 'Mozilla/5.0' }
const proxied = {
  ...{ ...browser, 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-real-ip': '203.0.113.9' },
  'x-request-id': '0af7651916cd43dd8448eb211c80319c',
}

type Way = { readonly flags: readonly string[]; readonly headers: Readonly<Record<string, string>> }

/** Nothing of this is a time, so it is the same on every machine and every Node.js, however busy. */
const ways: Readonly<Record<string, Way>> = {
  'a request': { flags: [], headers: browser },
  'a request behind nginx': { flags: [], headers: proxied },
  'a request behind nginx, with an access log': { flags: ['--access-logfile', 'access.log'], headers: proxied },
}

for (const [name, way] of Object.entries(ways)) {
  test(`${name} runs no more of our code than is recorded in request-path.json`, async () => {
    const found = await work(way)
    const before = recorded[name]
    assert.ok(before, `${name} is not recorded; it runs ${JSON.stringify(found)}`)
    for (const unit of ['calls', 'blocks'] as const) {
      const change = found[unit] / before[unit] - 1
      const words = `${name}: ${found[unit]} ${unit}, recorded ${before[unit]}; where that is meant, record it`
      assert.ok(Math.abs(change) <= tolerance, words)
    }
  })
}

async function work({ flags, headers }: Way): Promise<Work> {
  await using server = await startServer({ app: 'counts-calls', flags })
  using agent = keepAliveAgent()
  const counts = async () => (await request(server.target, '/counts', { agent, headers })).json() as Scripts
  for (let sent = 0; sent < 10; sent += 1) await request(server.target, '/', { agent, headers })
  await counts()
  for (let sent = 0; sent < requests; sent += 1) await request(server.target, '/', { agent, headers })
  const ours = (await counts()).filter(({ url }) => url.startsWith(pathToFileURL(join(repository, 'dist')).href))
  assert.notEqual(ours.length, 0, 'the built files are seen')
  return { calls: each(ours.flatMap(({ calls }) => calls)), blocks: each(ours.flatMap(({ blocks }) => blocks)) }
}

function each(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + Math.round(count / requests), 0)
}
