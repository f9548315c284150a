import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ProxyProtocol, readProxyHeader } from '../../../src/http/proxy-header.ts'
import { ipv4Block, ipv6Block, proxyHeaderV2 } from '../../helpers/proxy-header.ts'

const longest = Buffer.from(`PROXY UNKNOWN ${'f'.repeat(91)}\r\n`)

type Seen = { readonly address?: string | undefined; readonly port?: number | undefined; readonly relayed: boolean }

const good: readonly (readonly [what: string, bytes: Buffer | string, seen: Seen])[] = [
  [
    'a line for IPv4',
    'PROXY TCP4 203.0.113.9 127.0.0.1 4711 443\r\n',
    { relayed: true, address: '203.0.113.9', port: 4711 },
  ],
  ['a line for IPv6', 'PROXY TCP6 2001:DB8:0::7 ::1 1 65535\r\n', { relayed: true, address: '2001:db8::7', port: 1 }],
  ['IPv4 in IPv6', 'PROXY TCP6 ::ffff:203.0.113.9 ::1 1 2\r\n', { relayed: true, address: '203.0.113.9', port: 1 }],
  ['UNKNOWN alone', 'PROXY UNKNOWN\r\n', { relayed: true }],
  ['UNKNOWN with addresses', 'PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n', { relayed: true }],
  ['the longest line there is', longest, { relayed: true }],
  ['version 2 for IPv4', proxyHeaderV2(), { relayed: true, address: '203.0.113.9', port: 4711 }],
  [
    'version 2 for IPv6',
    proxyHeaderV2({ family: 0x21, block: ipv6Block('20010db8000000000000000000000007', 80) }),
    { relayed: true, address: '2001:db8::7', port: 80 },
  ],
  [
    'IPv4 in IPv6 of version 2',
    proxyHeaderV2({ family: 0x21, block: ipv6Block('00000000000000000000ffffcb007109', 80) }),
    { relayed: true, address: '203.0.113.9', port: 80 },
  ],
  ['a unix client', proxyHeaderV2({ family: 0x31, block: Buffer.alloc(216, 'a') }), { relayed: true }],
  ['a client of no family', proxyHeaderV2({ family: 0, block: Buffer.alloc(0) }), { relayed: true }],
  ['LOCAL', proxyHeaderV2({ command: 0, family: 0, block: Buffer.alloc(0) }), { relayed: false }],
  [
    'LOCAL with what is to be skipped',
    proxyHeaderV2({ command: 0, family: 0x99, block: Buffer.alloc(33) }),
    { relayed: false },
  ],
  [
    'further fields behind the addresses',
    proxyHeaderV2({ block: Buffer.concat([ipv4Block('203.0.113.9', 4711), Buffer.from([1, 0, 2, 104, 50])]) }),
    { relayed: true, address: '203.0.113.9', port: 4711 },
  ],
]

for (const [what, header, seen] of good) {
  test(`a PROXY header is read to its last byte and no further: ${what}`, () => {
    const bytes = Buffer.concat([Buffer.from(header), Buffer.from('GET / HTTP/1.1\r\n')])
    const announced = { address: undefined, port: undefined, ...seen }
    assert.deepEqual(readProxyHeader(bytes, 'auto'), { state: 'complete', announced, length: header.length })
    for (let cut = 0; cut < header.length; cut += 1) {
      assert.deepEqual(readProxyHeader(bytes.subarray(0, cut), 'auto'), { state: 'incomplete' }, `cut at ${cut}`)
    }
  })
}

const bad: readonly (readonly [what: string, bytes: Buffer | string, accepted?: ProxyProtocol])[] = [
  ['a request', 'GET'],
  ['one wrong byte', 'PROXy'],
  ['the wrong version', 'P', 'v2'],
  ['the wrong version', '\r', 'v1'],
  ['no family', 'PROXY  1.2.3.4 1.2.3.4 1 2\r\n'],
  ['another family', 'PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n'],
  ['a truncated line', 'PROXY TCP4 1.2.3.4\r\n'],
  ['a port too few', 'PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n'],
  ['a word too many', 'PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n'],
  ['two spaces', 'PROXY TCP4 1.2.3.4  1.2.3.4 1 2\r\n'],
  ['a tab', 'PROXY TCP4\t1.2.3.4 1.2.3.4 1 2\r\n'],
  ['letters in a port', 'PROXY TCP4 1.2.3.4 1.2.3.4 65iii 2\r\n'],
  ['a port with a zero before it', 'PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n'],
  ['too high a port', 'PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n'],
  ['a bad address', 'PROXY TCP4 1.2.3.256 1.2.3.4 1 2\r\n'],
  ['IPv6 where IPv4 is said', 'PROXY TCP4 ::1 ::1 1 2\r\n'],
  ['IPv4 where IPv6 is said', 'PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n'],
  ['an address with a zone', 'PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n'],
  ['a line without end', `PROXY UNKNOWN ${'f'.repeat(107)}`],
  ['a line one byte too long', `PROXY UNKNOWN ${'f'.repeat(92)}\r\n`],
  ['a version that is not 2', Buffer.from('0d0a0d0a000d0a515549540a11110000', 'hex')],
  ['a command that is none', proxyHeaderV2({ command: 2 })],
  ['datagrams', proxyHeaderV2({ family: 0x12 })],
  ['a family that is none', proxyHeaderV2({ family: 0x41, block: Buffer.alloc(216) })],
  ['addresses cut short', proxyHeaderV2({ block: Buffer.alloc(11) })],
  ['IPv6 addresses cut short', proxyHeaderV2({ family: 0x21, block: Buffer.alloc(35) })],
  ['more than there is any use for', proxyHeaderV2({ block: Buffer.alloc(5000) }).subarray(0, 16)],
]

for (const [what, header, accepted = 'auto'] of bad) {
  test(`what is no PROXY header is refused: ${what}`, () => {
    const bytes = Buffer.from(header)
    assert.equal(readProxyHeader(bytes, accepted).state, 'wrong')
    const states = Array.from(
      { length: bytes.length },
      (_, cut) => readProxyHeader(bytes.subarray(0, cut), accepted).state,
    )
    assert.equal(states.includes('complete'), false, 'no part of it is taken for a header')
  })
}

test('whatever bytes come, they are judged within 4096 of them, without an exception and without being repeated', () => {
  const starts = fc.constantFrom(
    '',
    'PROXY ',
    'PROXY TCP4 ',
    'PROXY UNKNOWN',
    '\r\n\r\n\0\r\nQUIT\n',
    '\r\n\r\n\0\r\nQUIT\n\x21\x11',
  )
  fc.assert(
    fc.property(starts, fc.uint8Array({ maxLength: 300 }), (start, tail) => {
      const bytes = Buffer.concat([Buffer.from(start, 'latin1'), tail])
      const header = readProxyHeader(bytes, 'auto')
      if (header.state === 'complete') assert.ok(header.length <= bytes.length)
      if (header.state === 'wrong') assert.match(header.reason, /^(?:its PROXY|the connection) [a-z0-9A-Z ]+$/)
      const full = readProxyHeader(Buffer.concat([bytes, Buffer.alloc(4096)]), 'auto')
      assert.notEqual(full.state, 'incomplete')
      // More bytes never change what was decided.
      if (header.state !== 'incomplete') assert.deepEqual(full, header)
    }),
    { numRuns: 500 },
  )
})

test('every address and port that a balancer may name is read back, in both versions', () => {
  const port = fc.integer({ min: 0, max: 65_535 })
  fc.assert(
    fc.property(fc.ipV4(), port, (address, source) => {
      const line = Buffer.from(`PROXY TCP4 ${address} 127.0.0.1 ${source} 443\r\n`)
      const announced = { relayed: true, address, port: source }
      assert.deepEqual(readProxyHeader(line, 'v1'), { state: 'complete', announced, length: line.length })
      const block = proxyHeaderV2({ block: ipv4Block(address, source) })
      assert.deepEqual(readProxyHeader(block, 'v2'), { state: 'complete', announced, length: block.length })
    }),
    { numRuns: 200 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), port, (address, source) => {
      const hex = Buffer.from(address).toString('hex')
      const block = readProxyHeader(proxyHeaderV2({ family: 0x21, block: ipv6Block(hex, source) }), 'v2')
      const groups = hex.match(/.{4}/g)?.join(':')
      const line = readProxyHeader(Buffer.from(`PROXY TCP6 ${groups} ::1 ${source} 443\r\n`), 'v1')
      assert.ok(block.state === 'complete' && line.state === 'complete')
      assert.deepEqual(block.announced, line.announced)
    }),
    { numRuns: 200 },
  )
})
