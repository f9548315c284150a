import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trustIn } from '../../../src/http/trust.ts'

const peers: readonly (readonly [ranges: readonly string[], peer: string | undefined, trusted: boolean])[] = [
  [['127.0.0.1', '::1'], '127.0.0.1', true],
  [['127.0.0.1', '::1'], '::ffff:127.0.0.1', true],
  [['127.0.0.1', '::1'], '::1', true],
  [['127.0.0.1', '::1'], '127.0.0.2', false],
  [['10.0.0.0/8'], '10.200.3.4', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['10.0.0.0/8'], '::ffff:10.1.1.1', true],
  [['2001:db8::/32'], '2001:db8:1::2', true],
  [['2001:db8::/32'], '2001:db9::2', false],
  [['*'], '203.0.113.9', true],
  [[], '127.0.0.1', false],
  [[], undefined, true],
]

for (const [ranges, peer, trusted] of peers) {
  test(`with ${JSON.stringify(ranges)} the peer ${peer ?? 'on a unix socket'} is ${trusted ? '' : 'not '}believed`, () => {
    assert.equal(trustIn(ranges).peer(peer), trusted)
  })
}

test('with * a peer is believed about the client it saw, and about nothing further', () => {
  const fields = { xForwardedFor: '198.51.100.7, 203.0.113.9', xForwardedProto: undefined, forwarded: undefined }
  assert.equal(trustIn(['*']).attribute(fields).client.address, '203.0.113.9')
  assert.equal(trustIn(['*', '203.0.113.0/24']).attribute(fields).client.address, '198.51.100.7')
})

test('what is remembered of one client is not told of another', () => {
  const { attribute } = trustIn(['127.0.0.1'])
  for (let round = 0; round < 3000; round += 1) {
    const xForwardedFor = `203.0.${round % 200}.${round % 7}`
    const xForwardedProto = round % 2 === 0 ? 'https' : 'http'
    const { client } = attribute({ xForwardedFor, xForwardedProto, forwarded: undefined })
    assert.deepEqual(client, { address: xForwardedFor, port: undefined, encrypted: round % 2 === 0 })
  }
})
