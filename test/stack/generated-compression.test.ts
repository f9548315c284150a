import assert from 'node:assert/strict'
import type http from 'node:http'
import test from 'node:test'
import { needs } from './needs.ts'
import { secure, serveSite } from './serve-site.ts'

const skip = needs('nginx', 'openssl')

const long = 'x'.repeat(3000)

/** A page that tells what was asked, and is long enough to be compressed. */
const page: http.RequestListener = (incoming, answer) => {
  let bytes = 0
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  incoming.on('end', () => {
    answer.setHeader('content-type', 'text/html')
    answer.end(`${incoming.method} ${incoming.url} ${bytes} ${long}`)
  })
}

/** Who asks, as a browser says it, and whether the answer may be compressed. */
const requests: Readonly<
  Record<string, { readonly headers: Readonly<Record<string, string>>; readonly compressed: boolean }>
> = {
  'a page of the site itself': { headers: { 'sec-fetch-site': 'same-origin' }, compressed: true },
  'another site': { headers: { 'sec-fetch-site': 'cross-site' }, compressed: false },
  'another site that hides itself': { headers: { 'sec-fetch-site': 'cross-site', referer: '' }, compressed: false },
  'somebody who follows a link on another site': {
    headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-user': '?1', referer: 'https://other.example/' },
    compressed: true,
  },
  'somebody who has typed the address': { headers: { 'sec-fetch-site': 'none' }, compressed: true },
  'a program that is no browser': { headers: {}, compressed: true },
  'an old browser on a page of the site': { headers: { referer: 'https://shop.example/a?b' }, compressed: true },
  'an old browser on a page of another site': { headers: { referer: 'https://other.example/' }, compressed: false },
  'an old browser on a site that begins like this one': {
    headers: { referer: 'https://shop.example.evil.example/' },
    compressed: false,
  },
  'an old browser on a page without its path': { headers: { referer: 'https://shop.example' }, compressed: true },
  'an old browser on another port': { headers: { referer: 'HTTPS://SHOP.example:8443/' }, compressed: true },
}

test('what another site makes a browser ask for is not compressed, whatever else is, and arrives whole', {
  skip,
}, async () => {
  await using site = await serveSite({ domain: ['shop.example'] })
  for (const slot of [1, 2]) await site.worker(slot, page)
  for (const [who, { headers, compressed }] of Object.entries(requests)) {
    const answer = await secure(site, '/account?q=1', {
      method: 'POST',
      body: long,
      headers: { host: 'shop.example', 'accept-encoding': 'gzip', ...headers },
    })
    assert.equal(answer.status, 200, who)
    assert.equal(answer.headers['content-encoding'], compressed ? 'gzip' : undefined, who)
    if (!compressed) assert.equal(answer.body, `POST /account?q=1 ${long.length} ${long}`, who)
  }
})
