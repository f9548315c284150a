import { probeRoutes } from '../../contract/probe.ts'
import { type Check, judge, type Verdict } from '../check.ts'
import { ask, type Endpoint, open } from '../client.ts'
import { type CheckTarget, frontDoor, probeOf } from '../target.ts'
import { withoutProbe, withoutProxy } from './exemptions.ts'

export const bodyLimit: Check = {
  id: 'body.limit',
  layer: 'live',
  group: 'Limits',
  title: 'A body over the limit is refused with 413',
  why: 'Without the limit one client can fill the disk; with a lower one than meant, uploads fail.',
  how: 'POSTs that announce the largest body and one byte more, expecting 100-continue; then a small POST in full',
  needs: ['app.answers'],
  active: false,
  within: 20_000,
  exempt: (target) =>
    withoutProxy(target) ?? withoutProbe(target) ?? (target.maxBody === 0 ? 'the site has no limit for bodies' : null),
  run: checkLimit,
}

/** The body itself is never sent: a server that refuses says so by the announced length (RFC 9110, 10.1.1). */
async function checkLimit(target: CheckTarget): Promise<Verdict> {
  const endpoint = frontDoor(target)
  const path = probeOf(target, probeRoutes.sink)
  const most = await announce(endpoint, path, target.maxBody)
  const more = await announce(endpoint, path, target.maxBody + 1)
  const small = await ask(endpoint, { path, method: 'POST', body: Buffer.alloc(1000) })
  const problems: string[] = []
  if (most !== 100) problems.push(`${target.maxBody} bytes are answered with ${most}`)
  if (more !== 413) problems.push(`${target.maxBody + 1} bytes are answered with ${more}`)
  if (small.status !== 200) problems.push(`a POST of 1000 bytes is answered with ${small.status}`)
  const expected = `${target.maxBody} bytes are taken, one more is answered with 413`
  return judge(expected, expected, problems, target.renderAgain)
}

/** The first status a POST of that length gets: 100 when the other side wants the body. */
function announce(endpoint: Endpoint, path: string, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': String(bytes), expect: '100-continue' }
    const request = open(endpoint, { path, method: 'POST', headers })
    const finish = (status: number) => {
      resolve(status)
      request.destroy()
    }
    request.on('error', reject)
    request.once('continue', () => finish(100))
    request.once('response', (response) => finish(response.statusCode ?? 0))
    request.flushHeaders()
  })
}
