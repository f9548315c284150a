import assert from 'node:assert/strict'
import test from 'node:test'
import { liveChecks, stopCheck } from '../../../src/deploy/checks/table.ts'
import { target } from './target.ts'

const checks = [...liveChecks, stopCheck]
const ids = checks.map((check) => check.id)

test('the ids of the checks are the ones that machines rely on', () => {
  assert.deepEqual(ids, [
    'nginx.syntax',
    'http.redirects',
    'http2.negotiated',
    'tls.certificate-matches',
    'tls.versions',
    'app.answers',
    'workers.balanced',
    'static.served-by-nginx',
    'client.address',
    'client.forged-header',
    'websocket.echo',
    'sse.first-event',
    'body.limit',
    'reload.loses-nothing',
    'stop.clean',
  ])
})

test('what a check needs stands before it', () => {
  for (const [index, check] of checks.entries()) {
    for (const need of check.needs) assert.ok(ids.slice(0, index).includes(need), `${check.id} needs ${need}`)
  }
})

test('checks of one group stand together', () => {
  const groups = checks.map((check) => check.group)
  const starts = groups.filter((group, index) => group !== groups[index - 1])
  assert.equal(starts.length, new Set(groups).size)
})

test('without nginx, what nginx does is not checked and everything else is', () => {
  const without = target({ front: 'tsicorn', withoutProxy: 'nginx is not installed', http: null })
  const skipped = checks.filter((check) => check.exempt?.(without) != null).map((check) => check.id)
  assert.deepEqual(skipped, [
    'nginx.syntax',
    'http.redirects',
    'http2.negotiated',
    'static.served-by-nginx',
    'body.limit',
  ])
})

test('a site without TLS, static files and body limit is checked for the rest', () => {
  const plain = target({ https: null, staticFolders: [], maxBody: 0 })
  const skipped = checks.filter((check) => check.exempt?.(plain) != null).map((check) => check.id)
  const expected = ['http.redirects', 'http2.negotiated', 'tls.certificate-matches', 'tls.versions']
  assert.deepEqual(skipped, [...expected, 'static.served-by-nginx', 'body.limit'])
})
