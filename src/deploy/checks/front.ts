import { type Check, fail, judge, pass, type Verdict } from '../check.ts'
import { ask, urlOf } from '../client.ts'
import { testCommand } from '../front-process.ts'
import { askByHttp2, shakeHands } from '../handshake.ts'
import type { CheckTarget } from '../target.ts'
import { withoutProxy, withoutTls } from './exemptions.ts'

export const syntax: Check = {
  id: 'nginx.syntax',
  layer: 'live',
  group: 'nginx',
  title: 'The proxy accepts the site',
  why: 'A proxy refuses to start or to reload with a file it cannot read.',
  how: 'nginx -t, or what another proxy has for it, on the rendered site',
  needs: [],
  active: false,
  within: 20_000,
  exempt: (target) => withoutProxy(target) ?? (target.testProxy === null ? 'only root may read all of it' : null),
  run: async (target) => {
    const expected = target.front === 'tsicorn' ? 'a proxy' : `${testCommand(target.front)} succeeds without a warning`
    const test = await target.testProxy?.()
    if (test === undefined) return fail(expected, 'there is no proxy to ask')
    if (!test.ok) return fail(expected, test.words, target.renderAgain)
    const warned = /\[(warn|error|alert|crit|warning|notice)\]|"level":"(?:warn|error)"|\bAH\d{5}:/i.test(test.words)
    return warned
      ? { status: 'warn', expected, found: test.words, fix: target.renderAgain }
      : pass(expected, 'accepted')
  },
}

export const redirects: Check = {
  id: 'http.redirects',
  layer: 'live',
  group: 'nginx',
  title: 'HTTP is redirected to HTTPS',
  why: 'Who types the name without a scheme would get an unencrypted page, or none.',
  how: 'GET by plain HTTP of a path with a query; status and Location of the answer',
  needs: ['nginx.syntax'],
  active: false,
  within: 15_000,
  exempt: (target) => withoutProxy(target) ?? withoutTls(target),
  run: checkRedirect,
}

export const http2: Check = {
  id: 'http2.negotiated',
  layer: 'live',
  group: 'nginx',
  title: 'HTTP/2 is spoken',
  why: 'Browsers would open six connections for what one carries.',
  how: 'TLS handshake offering h2 and http/1.1, then a GET by HTTP/2',
  needs: ['nginx.syntax'],
  active: false,
  within: 15_000,
  exempt: (target) => withoutProxy(target) ?? withoutTls(target),
  run: checkHttp2,
}

async function checkRedirect(target: CheckTarget): Promise<Verdict> {
  const { http, https } = target
  if (http === null || https === null) return fail('an HTTP and an HTTPS address', 'one of them is missing')
  const path = '/tsicorn-check?of=redirects'
  const expected = `301 or 308 with Location: ${urlOf(https, path)}`
  const answer = await ask(http, { path })
  const found = `${answer.status} with ${answer.headers.location ? `Location: ${answer.headers.location}` : 'no Location'}`
  const right = [301, 308].includes(answer.status) && answer.headers.location === urlOf(https, path)
  return right ? pass(expected, found) : fail(expected, found, target.renderAgain)
}

async function checkHttp2(target: CheckTarget): Promise<Verdict> {
  const { https } = target
  if (https === null) return fail('an HTTPS address', 'none')
  const expected = 'h2 is chosen, and a page comes by it'
  const shaken = await shakeHands(https, { protocols: ['h2', 'http/1.1'] })
  if (shaken.outcome !== 'agreed') return fail(expected, `the handshake failed: ${shaken.reason}`)
  if (shaken.application !== 'h2') {
    return fail(expected, `${shaken.application ?? 'no protocol'} is chosen`, target.renderAgain)
  }
  const status = await askByHttp2(https, '/')
  return judge(expected, `h2, status ${status}`, status >= 100 ? [] : ['no status came by HTTP/2'])
}
