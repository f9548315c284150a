import assert from 'node:assert/strict'
import { test } from 'node:test'
import { http2Client } from '../../helpers/http2-client.ts'
import { errorCode, frameType, statusOf } from '../../helpers/http2-frames.ts'
import { type RawHttp2, rawHttp2 } from '../../helpers/raw-http2.ts'
import { until } from '../../helpers/until.ts'
import { asked, type Case, type Reaction } from './cases.ts'
import { compressionCases } from './compression-cases.ts'
import { controlCases } from './control-cases.ts'
import { frameCases } from './frame-cases.ts'
import { messageCases } from './message-cases.ts'
import { requestCases } from './request-cases.ts'
import { secureWorker } from './secure-worker.ts'
import { startingCases, stateCases } from './starting-cases.ts'

// What h2spec checks, and more: each case is bytes, and what RFC 9113 and RFC 7541 ask of a server that gets them.
const cases = [startingCases, stateCases, frameCases, controlCases, messageCases, requestCases, compressionCases].flat()

const server = secureWorker('echo.mjs')

for (const one of cases) {
  test(titleOf(one), async () => {
    await using raw = await rawHttp2(server.port())
    for (const step of one.steps) await (typeof step === 'function' ? step(raw) : raw.write(step))
    const what = `one of ${JSON.stringify(one.expect)}`
    // Where nothing else is allowed, the application must not answer either.
    const refusals = one.expect.every(isReset) ? one.expect.filter(isReset) : []
    await until(() => isAsExpected(raw, one.expect), { what }).catch((error: Error) => {
      throw new Error(`${error.message}; frames: ${JSON.stringify(raw.frames())}`)
    })
    if (!(await raw.isAlive()))
      return assert.ok(
        one.expect.some((reaction) => isEnd(raw, reaction)),
        what,
      )
    for (const { stream } of refusals) assert.equal(isAnswered(raw, stream), false)
    raw.write(asked(401))
    await raw.frame(frameType.headers, 401)
  })
}

function titleOf({ section, what, expect, known }: Case): string {
  const where = section.startsWith('RFC') ? section : `RFC 9113, ${section}`
  const title = `${what} ${wordsFor(expect[0])} (${where})`
  return known === null
    ? `HTTP/2: ${title}`
    : `HTTP/2, known to differ: ${title}, where the standard says that it ${known}`
}

function wordsFor(reaction: Reaction = 'nothing'): string {
  if (reaction === 'nothing') return 'has no effect'
  const nameOf = (code: number): string =>
    Object.entries(errorCode).find(([, known]) => known === code)?.[0] ?? String(code)
  if ('connection' in reaction) return `ends the connection: ${nameOf(reaction.connection)}`
  if ('reset' in reaction) return `resets the stream: ${nameOf(reaction.reset)}`
  return `is answered with ${reaction.status}${reaction.lacks === undefined ? '' : ', without that field'}`
}

function isReset(reaction: Reaction): reaction is Extract<Reaction, { readonly reset: number }> {
  return typeof reaction === 'object' && 'reset' in reaction
}

async function isAsExpected(raw: RawHttp2, expect: readonly Reaction[]): Promise<boolean> {
  if (expect.some((reaction) => isEnd(raw, reaction) || isOnStream(raw, reaction))) return true
  return expect.includes('nothing') && (await raw.isAlive()) && raw.ending() === null
}

/** Whether the connection has ended as it should, or might instead of a stream. */
function isEnd(raw: RawHttp2, reaction: Reaction): boolean {
  if (typeof reaction !== 'object' || 'status' in reaction) return false
  return raw.isClosed() && raw.ending() === ('reset' in reaction ? reaction.reset : reaction.connection)
}

function isOnStream(raw: RawHttp2, reaction: Reaction): boolean {
  if (typeof reaction !== 'object' || 'connection' in reaction) return false
  const frames = raw.frames().filter(({ stream }) => stream === reaction.stream)
  if ('reset' in reaction) {
    return frames.some(({ type, payload }) => type === frameType.reset && payload.readUInt32BE(0) === reaction.reset)
  }
  if (!frames.some(({ type, payload }) => type === frameType.headers && statusOf(payload) === reaction.status))
    return false
  if (reaction.lacks === undefined) return true
  const body = Buffer.concat(frames.filter(({ type }) => type === frameType.data).map(({ payload }) => payload))
  return body.length > 0 && !body.toString('latin1').includes(reaction.lacks)
}

function isAnswered(raw: RawHttp2, asked: number): boolean {
  return raw.frames().some(({ type, stream }) => type === frameType.headers && stream === asked)
}

test('after all of that, the same worker serves, and has logged no error', async () => {
  await using client = await http2Client(server.port())
  assert.equal((await client.request('/')).status, 200)
  assert.doesNotMatch(server.log(), /"level":"(?:error|critical)"/)
})
