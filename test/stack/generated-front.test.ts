import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type http from 'node:http'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { frontPlaces } from '../../src/bundle/places.ts'
import { until } from '../helpers/until.ts'
import { needs } from './needs.ts'
import { echo, type ServedSite, secure, serveSite } from './serve-site.ts'

const skip = needs('nginx', 'openssl')

const page: http.RequestListener = (_incoming, answer) => answer.end('x'.repeat(5000))

async function withWorkers(site: ServedSite, answer: http.RequestListener): Promise<void> {
  await site.worker(1, answer)
  await site.worker(2, answer)
}

const security = (headers: http.IncomingHttpHeaders) => [
  headers['x-content-type-options'],
  headers['x-frame-options'],
  headers['referrer-policy'],
  headers['strict-transport-security'],
]
const added = ['nosniff', 'SAMEORIGIN', 'strict-origin-when-cross-origin', 'max-age=63072000']

test('every answer has the security headers: of the application, of a static file, of an error page', {
  skip,
}, async () => {
  await using site = await serveSite({ hsts: true, static: [{ prefix: '/s/', directory: '/srv/s' }] })
  writeFileSync(`${site.answers.static[0]?.directory}/a.css`, 'a')
  assert.deepEqual(security((await secure(site, '/')).headers), added, 'no worker: 502')
  await withWorkers(site, page)
  assert.deepEqual(security((await secure(site, '/')).headers), added)
  assert.deepEqual(security((await secure(site, '/s/a.css')).headers), added)
  assert.deepEqual(security((await secure(site, '/s/none')).headers), added)
})

test('a security header that the application sets itself is left as it is, and there once', { skip }, async () => {
  await using site = await serveSite({ hsts: true })
  const own = { 'x-frame-options': 'DENY', 'strict-transport-security': 'max-age=1', 'referrer-policy': 'no-referrer' }
  await withWorkers(site, (_incoming, answer) => {
    answer.writeHead(200, own).end()
  })
  assert.deepEqual(security((await secure(site, '/')).headers), ['nosniff', 'DENY', 'no-referrer', 'max-age=1'])
})

test('while the maintenance file exists, visitors see the page with 503 and when to come back; then the site again', {
  skip,
}, async () => {
  await using site = await serveSite({})
  await withWorkers(site, echo)
  const { maintenance } = frontPlaces(site.answers)
  for (const headers of [{}, { accept: 'text/event-stream' }]) {
    for (const method of ['GET', 'POST']) {
      writeFileSync(maintenance, '')
      const closed = await secure(site, '/a', { method, headers, body: method === 'POST' ? 'x' : '' })
      assert.deepEqual([closed.status, closed.headers['retry-after']], [503, '120'])
      assert.match(closed.body, /We will be back soon/)
      assert.equal(closed.headers['cache-control'], 'no-store')
      rmSync(maintenance)
      assert.equal((await secure(site, '/a', { method, headers, body: method === 'POST' ? 'x' : '' })).status, 200)
    }
  }
})

test('without a worker visitors see a page and when to come back, and the page itself cannot be asked for', {
  skip,
}, async () => {
  await using site = await serveSite({})
  for (const method of ['GET', 'POST']) {
    const failed = await secure(site, '/', { method })
    assert.deepEqual([failed.status, failed.headers['retry-after']], [502, '10'])
    assert.match(failed.body, /That did not work/)
  }
  assert.equal((await secure(site, '/.tsicorn/unavailable.html')).status, 404)
})

test('an error of the application itself reaches the visitor as it is', { skip }, async () => {
  for (const status of [418, 429, 500, 502, 503, 504]) {
    await using own = await serveSite({ name: `own-${status}` })
    await withWorkers(own, (_incoming, answer) => answer.writeHead(status).end('mine'))
    const { status: seen, body } = await secure(own, '/')
    assert.deepEqual([seen, body], [status, 'mine'])
  }
})

test('texts are compressed, pictures are not, and a file compressed beforehand is sent as it is', {
  skip,
}, async () => {
  await using site = await serveSite({ static: [{ prefix: '/s/', directory: '/srv/s' }] })
  const directory = site.answers.static[0]?.directory
  writeFileSync(`${directory}/a.css`, 'a'.repeat(3000))
  writeFileSync(`${directory}/a.css.gz`, gzipSync('b'.repeat(3000)))
  writeFileSync(`${directory}/a.png`, 'a'.repeat(3000))
  await withWorkers(site, (incoming, answer) => {
    const type = incoming.url === '/stream' ? 'text/event-stream' : 'application/json'
    answer.writeHead(200, { 'content-type': type }).end('x'.repeat(3000))
  })
  const encoding = async (path: string, accept = 'gzip') =>
    (await secure(site, path, { headers: { 'accept-encoding': accept } })).headers['content-encoding']
  assert.equal(await encoding('/'), 'gzip')
  assert.equal(await encoding('/', 'identity'), undefined)
  assert.equal(await encoding('/stream'), undefined)
  assert.equal(await encoding('/s/a.png'), undefined)
  const css = await secure(site, '/s/a.css', { headers: { 'accept-encoding': 'gzip' } })
  assert.deepEqual([css.headers['content-encoding'], css.headers.vary], ['gzip', 'Accept-Encoding'])
  assert.deepEqual(css.bytes, gzipSync('b'.repeat(3000)))
  await using plain = await serveSite({ compression: false })
  await withWorkers(plain, page)
  assert.equal(
    (await secure(plain, '/', { headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding'],
    undefined,
  )
})

test('a JSON access log is an object a line, whatever a client sends', { skip }, async () => {
  await using site = await serveSite({ accessLogFormat: 'json' })
  await withWorkers(site, echo)
  const agent = 'a "quoted" \\ agent'
  await secure(site, '/p?q="\\', { headers: { 'user-agent': agent, referer: '","status":1,"x":"' } })
  const [line = ''] = await until(() => site.accessLog()[0] !== '' && site.accessLog())
  const { time, seconds, upstream_seconds: worker, id, upstream, ...rest } = JSON.parse(line)
  assert.deepEqual([typeof time, typeof seconds, typeof worker], ['string', 'number', 'string'])
  assert.match(id, /^[0-9a-f]{32}$/)
  assert.match(upstream, /^unix:.*\.sock$/)
  assert.deepEqual([rest.status, rest.agent, rest.referer], [200, agent, '","status":1,"x":"'])
})

test('lines of your own are read beside the servers, in the server and in front of the application', {
  skip,
}, async () => {
  const given = { name: 'shop', static: [] }
  await using site = await serveSite(given, (text) => {
    for (const [folder, line] of [
      ['beside.d', 'map $uri $mine { default yes; }'],
      ['server.d', 'location = /own { return 204; }'],
      ['application.d', 'if ($mine = no) { return 403; }'],
    ]) {
      const path = new RegExp(`include (\\S+/${folder})/`).exec(text)?.[1] ?? ''
      mkdirSync(path, { recursive: true })
      writeFileSync(`${path}/mine.conf`, `${line}\n`)
    }
    return text
  })
  await withWorkers(site, echo)
  assert.equal((await secure(site, '/own')).status, 204)
  assert.equal((await secure(site, '/')).status, 200)
})

test('a name too long for the table of nginx is served all the same, and a longer one is not', { skip }, async () => {
  const name = ['a'.repeat(63), 'b'.repeat(63), 'c'.repeat(63), 'd'.repeat(58), 'xz'].join('.')
  await using site = await serveSite({
    domain: [name, '*.wild.card.example.com'.replace('wild', 'w'.repeat(40))],
    defaultServer: true,
  })
  await withWorkers(site, page)
  const status = (host: string) =>
    secure(site, '/', { tls: { servername: host }, headers: { host } }).then(
      (answer) => answer.status,
      () => null,
    )
  assert.equal(await status(name), 200)
  assert.equal(await status(`x.${'w'.repeat(40)}.card.example.com`), 200)
  assert.equal(await status(name.replace('.xz', 'xxz')), null)
})
