import assert from 'node:assert/strict'
import test from 'node:test'
import { decodeAddress, encodeIp, encodeUnix, formatIpv6, ipv6Bytes } from '../../../src/system/socket-address.ts'

test('an address comes back from the bytes of the kernel as it was given', () => {
  const hosts = [
    '127.0.0.1',
    '0.0.0.0',
    '255.254.253.252',
    '::1',
    '::',
    'fe80::1',
    '2001:db8::8:800:200c:417a',
    '1:2:3:4:5:6:7:8',
  ]
  for (const host of hosts) {
    for (const port of [0, 80, 8000, 65535]) {
      assert.deepEqual(decodeAddress(encodeIp(host, port) ?? Buffer.alloc(0)), { kind: 'tcp', host, port })
    }
  }
})

test('IPv6 addresses are read in every form they are written in', () => {
  const forms: Record<string, string> = {
    '::': '00000000000000000000000000000000',
    '::1': '00000000000000000000000000000001',
    '1::': '00010000000000000000000000000000',
    '2001:DB8::1': '20010db8000000000000000000000001',
    '::ffff:192.0.2.33': '00000000000000000000ffffc0000221',
    '64:ff9b::192.0.2.33': '0064ff9b0000000000000000c0000221',
    '1:2:3:4:5:6:7::': '00010002000300040005000600070000',
    '::2:3:4:5:6:7:8': '00000002000300040005000600070008',
  }
  for (const [text, hex] of Object.entries(forms)) assert.equal(ipv6Bytes(text).toString('hex'), hex, text)
})

test('IPv6 addresses are written in their short form', () => {
  assert.equal(formatIpv6(ipv6Bytes('2001:0db8:0:0:0:0:0:1')), '2001:db8::1')
})

test('the zone of a link-local address is kept by number', () => {
  const address = decodeAddress(encodeIp('fe80::1%4000', 80) ?? Buffer.alloc(0))
  assert.deepEqual(address, { kind: 'tcp', host: 'fe80::1%4000', port: 80 })
})

test('a host name is no IP address', () => {
  assert.equal(encodeIp('localhost', 80), null)
})

test('unix paths and abstract names come back as they were given', () => {
  for (const path of ['/run/app.sock', '/run/grün.sock', '@abstract/name', '@two\0parts']) {
    assert.deepEqual(decodeAddress(encodeUnix(path)), { kind: 'unix', path })
  }
})

test('an abstract name ends with its last byte, a path with a NUL', () => {
  assert.equal(encodeUnix('@a').toString('latin1', 2), '\0a')
  assert.equal(encodeUnix('/a').toString('latin1', 2), '/a\0')
})

test('a socket of another family is none of ours', () => {
  assert.equal(decodeAddress(Buffer.from([16, 0, 0, 0])), null)
})
