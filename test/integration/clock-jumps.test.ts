import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { get } from '../helpers/serving-worker.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { needs } from '../stack/needs.ts'

const hour = 3_600_000

/** Tells the time, at once or after so many milliseconds. */
const clock = `export default async (request, response) => {
  await new Promise((resolve) => setTimeout(resolve, Number(request.url.slice(1))))
  response.end(JSON.stringify({ pid: process.pid, time: Date.now() }))
}`

test('when the clock of the host jumps an hour either way nobody is killed and no request is cut', {
  skip: needs('faketime'),
}, async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', clock)
  const offset = await dir.write('offset', '+0')
  const flags = ['-w', '2', '--timeout', '3', '--request-timeout', '20']
  await using server = await startServer({ app, flags, env: fakedBy(offset) })
  const before = server.workers()
  const now = async (): Promise<number> =>
    ((await request(server.target, '/0')).json() as { readonly time: number }).time - Date.now()
  await using waiting = await rawSocket(server.target)
  for (const [jump, ms] of [
    ['+1h', hour],
    ['-1h', -hour],
    ['+0', 0],
  ] as const) {
    const long = request(server.target, '/4500')
    await using head = await rawSocket(server.target)
    head.write('GET /0 HTTP/1.1\r\nHost: a\r\n')
    writeFileSync(offset, jump)
    await until(async () => Math.abs((await now()) - ms) < 60_000, { what: `the clock to be at ${jump}` })
    // Longer than the timeout, and than what a stuck worker gets beyond it.
    assert.equal((await long).status, 200)
    head.write('\r\n')
    await head.receive(/200 OK/)
    assert.deepEqual(server.workers(), before)
  }
  waiting.write(get('/0'))
  await waiting.receive(/200 OK/)
  assert.deepEqual(
    server.log.filter((line) => !line.includes('"level":"info"')),
    [],
  )
})

/** The environment in which the clock that can be set, and no other, is off by what the file says (faketime(1)). */
function fakedBy(file: string): Readonly<Record<string, string>> {
  const library = execFileSync('faketime', ['-f', '+0', 'sh', '-c', 'printf %s "$LD_PRELOAD"'], { encoding: 'utf8' })
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
}
