import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { attribute, parseHop } from '../../../src/http/forwarded.ts'

const nothing = { xForwardedFor: undefined, xForwardedProto: undefined, forwarded: undefined }
const ours = new Set(['127.0.0.1', '10.0.0.1', '10.0.0.2'])
const isOurs = (address: string): boolean => ours.has(address)

const chains: readonly (readonly [xForwardedFor: string, address: string | undefined, chain: string | undefined])[] = [
  ['203.0.113.9', '203.0.113.9', '203.0.113.9'],
  ['198.51.100.7, 203.0.113.9', '203.0.113.9', '203.0.113.9'],
  ['198.51.100.7, 203.0.113.9, 10.0.0.1', '203.0.113.9', '203.0.113.9, 10.0.0.1'],
  ['198.51.100.7,203.0.113.9 ,10.0.0.2,  10.0.0.1', '203.0.113.9', '203.0.113.9, 10.0.0.2, 10.0.0.1'],
  ['10.0.0.2, 10.0.0.1', '10.0.0.2', '10.0.0.2, 10.0.0.1'],
  ['unknown', undefined, undefined],
  ['unknown, 10.0.0.1', '10.0.0.1', '10.0.0.1'],
  ['203.0.113.9, nonsense', undefined, undefined],
  ['', undefined, undefined],
  [' , ,', undefined, undefined],
  ['2001:db8::1', '2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1', '[2001:db8::1]:443'],
  ['::ffff:203.0.113.9', '203.0.113.9', '::ffff:203.0.113.9'],
  ['127.0.0.1.evil.example', undefined, undefined],
  ['203.0.113.9\t', '203.0.113.9', '203.0.113.9'],
]

for (const [xForwardedFor, address, chain] of chains) {
  test(`behind X-Forwarded-For ${JSON.stringify(xForwardedFor)} the client is ${address}`, () => {
    const found = attribute({ ...nothing, xForwardedFor }, isOurs)
    assert.equal(found.client.address, address)
    assert.equal(found.chain, chain)
  })
}

test('whatever a client writes, the address that the nearest foreign hop was seen with is the client', () => {
  const lies = fc.array(
    fc.constantFrom(
      '1.2.3.4',
      'unknown',
      '',
      '::1',
      '127.0.0.1',
      '10.0.0.1',
      'a"b',
      '[',
      '1.2.3.4:99999',
      ',',
      '%',
      '0x7f.1',
    ),
    { maxLength: 5 },
  )
  const proxies = fc.array(fc.constantFrom(...ours), { maxLength: 3 })
  fc.assert(
    fc.property(lies, proxies, fc.constantFrom(',', ', ', ' , '), (forged, through, comma) => {
      const xForwardedFor = [...forged, '203.0.113.9', ...through].join(comma)
      const { client, chain } = attribute({ ...nothing, xForwardedFor }, isOurs)
      assert.equal(client.address, '203.0.113.9', xForwardedFor)
      assert.equal(chain, ['203.0.113.9', ...through].join(', '), xForwardedFor)
    }),
    { numRuns: 1000 },
  )
})

const schemes: readonly (readonly [xForwardedProto: string, encrypted: boolean | undefined])[] = [
  ['https', true],
  ['HTTPS', true],
  ['http', false],
  ['wss', true],
  ['https, https', true],
  ['https, http', undefined],
  ['http,https', undefined],
  ['gopher', undefined],
  ['', undefined],
]

for (const [xForwardedProto, encrypted] of schemes) {
  test(`X-Forwarded-Proto ${JSON.stringify(xForwardedProto)} means that encrypted is ${encrypted}`, () => {
    assert.equal(attribute({ ...nothing, xForwardedProto }, isOurs).client.encrypted, encrypted)
  })
}

const standard: readonly (readonly [
  forwarded: string,
  address: string | undefined,
  port: number | undefined,
  encrypted: boolean | undefined,
])[] = [
  ['for=203.0.113.9;proto=https;by=10.0.0.1', '203.0.113.9', undefined, true],
  ['for=198.51.100.7, for=203.0.113.9;proto=http', '203.0.113.9', undefined, false],
  ['For="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17', 4711, undefined],
  ['for=203.0.113.9;proto=https, for=10.0.0.1;proto=http', '203.0.113.9', undefined, true],
  ['for=_hidden, for=10.0.0.1', '10.0.0.1', undefined, undefined],
  ['for="a,b;c=\\"d\\"", for=203.0.113.9', '203.0.113.9', undefined, undefined],
  ['for', undefined, undefined, undefined],
  ['"', undefined, undefined, undefined],
]

for (const [forwarded, address, port, encrypted] of standard) {
  test(`behind Forwarded ${JSON.stringify(forwarded)} the client is ${address}`, () => {
    assert.deepEqual(attribute({ ...nothing, forwarded }, isOurs).client, { address, port, encrypted })
  })
}

test('where a proxy writes X-Forwarded-For, a Forwarded header is not read', () => {
  const fields = { xForwardedFor: '203.0.113.9', xForwardedProto: undefined, forwarded: 'for=1.2.3.4;proto=https' }
  assert.deepEqual(attribute(fields, isOurs).client, { address: '203.0.113.9', port: undefined, encrypted: undefined })
})

const hops: readonly (readonly [text: string, address: string | null, port?: number])[] = [
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:4711', '192.0.2.1', 4711],
  ['192.0.2.1:70000', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:4711', '2001:db8::1', 4711],
  ['[2001:db8::1', null],
  ['192.0.2.256', null],
  ['1.2.3', null],
  ['fe80::1%eth0', null],
  ['localhost', null],
  ['', null],
]

for (const [text, address, port] of hops) {
  test(`${JSON.stringify(text)} is ${address === null ? 'no address' : `the address ${address}, port ${port}`}`, () => {
    assert.deepEqual(parseHop(text), address === null ? null : { address, port })
  })
}

test('whatever the headers hold, they are read without an exception, and an address that comes out is one', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'for=',
      '203.0.113.9',
      '"[2001:db8::1]:80"',
      ';',
      ',',
      '"',
      '\\',
      'proto=https',
      'by=',
      '=',
      ' ',
      '_x',
      'unknown',
    ),
    fc.string({ maxLength: 8 }),
  )
  const header = fc.option(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    { nil: undefined },
  )
  fc.assert(
    fc.property(header, header, header, (xForwardedFor, xForwardedProto, forwarded) => {
      const { client, chain } = attribute({ xForwardedFor, xForwardedProto, forwarded }, isOurs)
      assert.ok(client.address === undefined || isIP(client.address) !== 0)
      assert.ok(client.port === undefined || (client.port >= 0 && client.port <= 65_535))
      if (chain !== undefined && xForwardedFor !== undefined)
        assert.equal(parseHop(chain.split(', ')[0] ?? '')?.address, client.address)
    }),
    { numRuns: 1000 },
  )
})

test('what a client puts before the element of a Forwarded header that our proxy appends changes nothing', () => {
  const balanced = fc.string({ maxLength: 30 }).filter((text) => !/["\\]/.test(text))
  fc.assert(
    fc.property(balanced, (lie) => {
      const { client } = attribute({ ...nothing, forwarded: `${lie}, for="203.0.113.9:80";proto=https` }, isOurs)
      assert.deepEqual(client, { address: '203.0.113.9', port: 80, encrypted: true })
    }),
    { numRuns: 500 },
  )
})

test('a client that opens a quote to swallow what our proxy appends hides itself at most', () => {
  const lies = fc
    .array(fc.constantFrom('for=1.2.3.4', ';', ',', 'x=', '"', '\\', ' ', 'y', '"",'), { maxLength: 8 })
    .map((pieces) => pieces.join(''))
  const appended = fc.constantFrom(
    'for=203.0.113.9',
    'for="203.0.113.9:80"',
    'for=203.0.113.9;by="[::1]"',
    'by="_a";for="203.0.113.9";proto=https',
  )
  fc.assert(
    fc.property(lies, appended, (lie, element) => {
      const { client } = attribute({ ...nothing, forwarded: `${lie}, ${element}` }, isOurs)
      assert.ok(client.address === '203.0.113.9' || client.address === undefined, `${client.address}`)
    }),
    { numRuns: 2000, examples: [['for=1.2.3.4;x="', 'for=203.0.113.9;by="[::1]"']] },
  )
})
