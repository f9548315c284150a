import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Target } from '../helpers/http-request.ts'
import { type Cuts, forEach, replay } from '../helpers/replay.ts'
import { type Family, type RequestCase, readCorpus } from '../helpers/request-corpus.ts'
import { type Server, startServer } from '../helpers/start-server.ts'

const families = [...readCorpus('valid'), ...readCorpus('invalid')]
const groups = [...new Set(families.map(({ flags }) => flags.join(' ')))]
const seed = Number(process.env['TSICORN_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

let number = 1000

async function serve(flags: string): Promise<Server> {
  return startServer({
    app: 'bookkeeper',
    bind: 'unix',
    flags: ['--bind', '127.0.0.1:0', ...flags.split(' ')].filter(Boolean),
  })
}

async function troubles(target: Target, chosen: readonly Family[], cuts: Cuts): Promise<readonly string[]> {
  const found: string[] = []
  const all = chosen.flatMap(({ name, cases }) => cases.map((one) => ({ family: name, one })))
  await forEach(all, 8, async ({ family, one }: { family: string; one: RequestCase }) => {
    number += 1
    const trouble = await replay(target, one, number, cuts).catch((error: Error) => error.message)
    if (trouble !== null) found.push(`${family}: ${one.name}: ${trouble}`)
  })
  return found
}

for (const flags of groups) {
  const chosen = families.filter((family) => family.flags.join(' ') === flags)
  const count = chosen.reduce((sum, { cases }) => sum + cases.length, 0)
  test(`${count} requests are served or refused as the standards say, however they arrive: ${flags || 'default limits'}`, async () => {
    await using server = await serve(flags)
    const { socketPath, port } = server
    assert.deepEqual(await troubles({ socketPath }, chosen, 'whole'), [])
    assert.deepEqual(await troubles({ port }, chosen, 'whole'), [])
    assert.deepEqual(await troubles({ port }, chosen, 'bytes'), [])
    assert.deepEqual(await troubles({ socketPath }, chosen, { seed }), [], `TSICORN_TEST_SEED=${seed}`)
  })
}
