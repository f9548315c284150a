import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import type { Target } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { forEach } from '../helpers/replay.ts'
import { type Family, type RequestCase, readCorpus } from '../helpers/request-corpus.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const families = readCorpus('invalid')
const groups = [...new Set(families.map(({ flags }) => flags.join(' ')))]

/** Sends the bytes of a case and a last request, and returns the statuses of what comes back. */
async function send(target: Target, one: RequestCase, number: number): Promise<readonly number[]> {
  await using socket = await rawSocket(target)
  const last = one.end ? '' : `GET /${number}/last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
  socket.write(Buffer.concat([one.bytes(number), Buffer.from(last)]))
  if (one.end) socket.end()
  const received = await socket.closed({ what: `the end of ${one.name}` })
  return [...received.matchAll(/HTTP\/1\.1 ([2-5]\d\d) /g)].map(([, status]) => Number(status))
}

async function sendAll(target: Target, chosen: readonly Family[]): Promise<readonly number[]> {
  const answered: number[] = []
  let number = 0
  await forEach(
    chosen.flatMap(({ cases }) => cases),
    4,
    async (one) => {
      number += 1
      answered.push(...(await send(target, one, number)))
    },
  )
  return answered
}

/** How often each status of a refusal occurs. */
function refusals(statuses: readonly number[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (const status of statuses) if (status >= 400) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

for (const flags of groups) {
  const chosen = families.filter((family) => family.flags.join(' ') === flags)
  test(`every refusal has its one line in the access log, with its status: ${flags || 'default limits'}`, async () => {
    await using dir = await tempDir()
    const file = dir.join('access.log')
    const log = ['--access-logfile', file, '--access-logformat', '%(s)s %(outcome)s %(r)s']
    await using server = await startServer({
      app: 'bookkeeper',
      flags: [...log, ...flags.split(' ').filter(Boolean)],
    })
    const wanted = refusals(await sendAll(server.target, chosen))
    await server.stop()
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    assert.ok(lines.every((line) => /^\d{3} (complete|aborted|refused) [ -~]+$/.test(line)))
    assert.ok(Object.keys(wanted).length > 0)
    assert.ok(lines.every((line) => !/^[45]\d\d complete/.test(line)))
    assert.deepEqual(refusals(lines.map((line) => Number(line.slice(0, 3)))), wanted)
  })
}
