import assert from 'node:assert/strict'
import type http from 'node:http'
import test from 'node:test'
import { needs } from './needs.ts'
import { echo, open, type ServedSite, secure, serveSite } from './serve-site.ts'

const skip = needs('nginx', 'openssl')

const page: http.RequestListener = (_incoming, answer) => answer.end('a page')

async function withWorkers(site: ServedSite, answer: http.RequestListener): Promise<void> {
  await site.worker(1, answer)
  await site.worker(2, answer)
}

test('a client that asks too often gets 429 and when to come back; this host itself is not limited', {
  skip,
}, async () => {
  const other = (text: string) => text.replace(/127\.0\.0\.1 1;/, '127.0.0.9 1;')
  const ask = async (site: ServedSite) => {
    await withWorkers(site, page)
    return Promise.all(Array.from({ length: 12 }, () => secure(site, '/')))
  }
  await using strict = await serveSite({ rateLimit: 1 }, other)
  const answers = await ask(strict)
  const refused = answers.filter(({ status }) => status === 429)
  assert.ok(refused.length >= 6, answers.map(({ status }) => status).join())
  assert.equal(answers.filter(({ status }) => status === 200).length + refused.length, 12)
  assert.equal(refused[0]?.headers['retry-after'], '1')
  assert.match(refused[0]?.body ?? '', /Not so fast/)
  await using own = await serveSite({ rateLimit: 1 })
  assert.ok((await ask(own)).every(({ status }) => status === 200))
})

test('event streams are limited like all else', { skip }, async () => {
  const other = (text: string) => text.replace(/127\.0\.0\.1 1;/, '127.0.0.9 1;')
  await using site = await serveSite({ rateLimit: 1 }, other)
  await withWorkers(site, page)
  const headers = { accept: 'text/event-stream' }
  const answers = await Promise.all(Array.from({ length: 12 }, () => secure(site, '/', { headers })))
  assert.ok(answers.filter(({ status }) => status === 429).length >= 6)
})

test('all addresses of one IPv6 network of 64 bits are one client', { skip }, async () => {
  const believed = (text: string) =>
    text.replace(
      /( {4}server_tokens off;\n {4}access_log)/g,
      '    set_real_ip_from 127.0.0.1;\n    real_ip_header X-Test;\n$1',
    )
  await using site = await serveSite({ rateLimit: 1 }, believed)
  await withWorkers(site, page)
  const from = (address: (index: number) => string) =>
    Promise.all(
      Array.from({ length: 12 }, (_, index) => secure(site, '/', { headers: { 'x-test': address(index) } })),
    ).then((answers) => answers.filter(({ status }) => status === 429).length)
  assert.ok((await from((index) => `2001:db8::${index + 1}`)) >= 6, 'one network')
  assert.equal(await from((index) => `2001:db8:1:${index + 1}::1`), 0, 'twelve networks')
  assert.equal(await from((index) => `192.0.2.${index + 1}`), 0, 'twelve hosts')
  // 0x31 is the sign by which this host is known in the key.
  assert.ok((await from(() => '49.49.49.49')) >= 6, 'a host whose address begins with that sign')
})

const forwarded = async (site: ServedSite, headers: http.OutgoingHttpHeaders) => {
  const { rawHeaders } = (await secure(site, '/', { headers })).json() as { rawHeaders: string[] }
  return rawHeaders[rawHeaders.indexOf('X-Forwarded-For') + 1]
}

test('behind a named network the visitor has his own address, and nobody else may claim one', { skip }, async () => {
  await using site = await serveSite({ cdn: 'cloudflare' })
  await withWorkers(site, echo)
  assert.equal(await forwarded(site, { 'cf-connecting-ip': '203.0.113.9' }), '127.0.0.1')
  await using proxied = await serveSite({ trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] })
  await withWorkers(proxied, echo)
  const header = { 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.1.2.3' }
  assert.equal(await forwarded(proxied, header), '203.0.113.9')
})

test('proxies that end TLS say how a visitor came', { skip }, async () => {
  const ask = async (trustedProxies: readonly string[]) => {
    await using site = await serveSite({ tls: 'off', trustedProxies })
    await withWorkers(site, echo)
    const { rawHeaders } = (await open(site, '/', { host: 'localhost', 'x-forwarded-proto': 'https' })).json() as {
      rawHeaders: string[]
    }
    return ['X-Forwarded-Proto', 'X-Forwarded-Port'].map((name) => rawHeaders[rawHeaders.indexOf(name) + 1])
  }
  assert.deepEqual(await ask(['127.0.0.1']), ['https', '443'])
  assert.deepEqual((await ask(['192.0.2.1']))[0], 'http')
})
