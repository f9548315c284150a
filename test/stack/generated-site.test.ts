import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import type http from 'node:http'
import { connect } from 'node:net'
import test from 'node:test'
import { settled, until } from '../helpers/until.ts'
import { needs } from './needs.ts'
import { echo, open, secure, serveSite } from './serve-site.ts'

const skip = needs('nginx', 'openssl')

test('the application sees each forwarded header once, and nothing of what the client forged', { skip }, async () => {
  await using site = await serveSite({})
  await site.worker(1, echo)
  await site.worker(2, echo)
  const forged = {
    ...{ 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'evil.test' },
    ...{ 'x-real-ip': '6.6.6.6', forwarded: 'for=6.6.6.6', proxy: 'http://evil.test', 'x-request-id': 'mine' },
  }
  const { rawHeaders } = (await secure(site, '/', { headers: forged })).json() as { rawHeaders: string[] }
  const names = rawHeaders.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase())
  assert.equal(new Set(names).size, names.length)
  const values = Object.fromEntries(names.map((name, index) => [name, rawHeaders[index * 2 + 1]]))
  assert.equal(values['x-forwarded-for'], '127.0.0.1')
  assert.equal(values['x-forwarded-proto'], 'https')
  assert.equal(values['x-forwarded-host'], 'localhost')
  assert.equal(values['x-forwarded-port'], String(site.httpsPort))
  assert.equal(values['host'], 'localhost')
  assert.match(values['x-request-id'] ?? '', /^[0-9a-f]{32}$/)
  assert.deepEqual([values['forwarded'], values['proxy'], values['connection']], [undefined, undefined, undefined])
})

test('plain http leads to the same page by https, and the certificate authority gets its answer', {
  skip,
}, async () => {
  await using site = await serveSite({ name: 'shop', domain: ['localhost'] })
  const moved = await open(site, '/a/b?c=d')
  assert.equal(moved.status, 301)
  assert.equal(moved.headers.location, `https://localhost:${site.httpsPort}/a/b?c=d`)
  const folder = `${site.answers.acmeDirectory}/.well-known/acme-challenge`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/token`, 'proof')
  const challenge = await open(site, '/.well-known/acme-challenge/token')
  assert.deepEqual([challenge.status, challenge.body], [200, 'proof'])
})

test('a post is passed on whole also where the answer will be a stream, and one over the limit is refused', {
  skip,
}, async () => {
  await using site = await serveSite({ maxBody: 4096 })
  await site.worker(1, echo)
  await site.worker(2, echo)
  const post = (bytes: number) =>
    secure(site, '/', { method: 'POST', body: 'x'.repeat(bytes), headers: { accept: 'text/event-stream' } })
  const passed = (await post(4096)).json() as { method: string; bytes: number }
  assert.deepEqual([passed.method, passed.bytes], ['POST', 4096])
  assert.equal((await post(4097)).status, 413)
})

test('nginx serves static files itself, except hidden ones, and cannot be led out of their directory', {
  skip,
}, async () => {
  await using site = await serveSite({ static: [{ prefix: '/assets/', directory: '/srv/shop/my files' }], hsts: true })
  await site.worker(1, echo)
  await site.worker(2, echo)
  const [{ directory } = { directory: '' }] = site.answers.static
  mkdirSync(`${directory}/.git`)
  for (const name of ['style.css', '.env', '.git/config', '../secret']) writeFileSync(`${directory}/${name}`, name)
  const style = await secure(site, '/assets/style.css')
  assert.deepEqual([style.status, style.body, style.headers['cache-control']], [200, 'style.css', 'max-age=3600'])
  assert.equal(style.headers['strict-transport-security'], 'max-age=63072000')
  assert.equal((await secure(site, '/assets/.env')).status, 404)
  assert.equal((await secure(site, '/assets/.git/config')).status, 404)
  for (const way of ['/assets../secret', '/assets/../secret', '/assets/%2e%2e/secret', '/assets/..%2fsecret']) {
    const { body } = await secure(site, way)
    assert.notEqual(body, '../secret', way)
  }
})

test('unknown names get no answer and no certificate, when that is asked for', { skip }, async () => {
  await using site = await serveSite({ defaultServer: true })
  await site.worker(1, echo)
  await site.worker(2, echo)
  assert.equal((await secure(site, '/')).status, 200)
  await assert.rejects(open(site, '/', { host: 'evil.test' }))
  await assert.rejects(secure(site, '/', { tls: { servername: 'evil.test' } }))
})

test('a worker that is gone costs no request: another one takes them, posts too', { skip }, async () => {
  await using site = await serveSite({})
  await site.worker(2, echo)
  for (const method of ['GET', 'POST', 'GET', 'POST']) {
    const { status } = await secure(site, '/', { method, body: method === 'POST' ? 'x' : '' })
    assert.equal(status, 200)
  }
  const lines = await until(() => site.accessLog().length === 4 && site.accessLog())
  for (const line of lines) assert.match(line, /upstream=(?:unix:\S+\/1\.sock, )?unix:\S+\/2\.sock id=[0-9a-f]{32}$/)
})

test('busy workers are passed over', { skip }, async () => {
  await using site = await serveSite({})
  const held: http.ServerResponse[] = []
  const answered = [0, 0]
  for (const slot of [1, 2]) {
    await site.worker(slot, (incoming, answer) => {
      answered[slot - 1] = (answered[slot - 1] ?? 0) + 1
      if (incoming.url === '/slow') held.push(answer)
      else answer.end()
    })
  }
  const slow = secure(site, '/slow')
  await until(() => held.length === 1, { what: 'the slow request to arrive' })
  const busy = answered.indexOf(1)
  for (let count = 0; count < 10; count += 1) await secure(site, '/')
  assert.equal(answered[busy], 1)
  assert.equal(answered[1 - busy], 10)
  held[0]?.end()
  await settled(slow)
})

test('a request without a host, as load balancers send it, is answered', { skip }, async () => {
  await using site = await serveSite({ tls: 'off', domain: ['shop.example'] })
  await site.worker(1, echo)
  await site.worker(2, echo)
  const socket = connect(site.httpPort, '127.0.0.1')
  let seen = ''
  socket.setEncoding('utf8').on('data', (text) => (seen += text))
  socket.write('GET / HTTP/1.0\r\n\r\n')
  await until(() => seen.includes('rawHeaders'), { what: 'an answer' })
  assert.match(seen, /^HTTP\/1\.1 200 /)
  assert.match(seen, /"Host","shop\.example"/)
  socket.destroy()
})
