import assert from 'node:assert/strict'
import test from 'node:test'
import { addresses } from '../../../../src/settings/kinds/address.ts'
import { acceptAll, parseAll, reason, refused } from './readings.ts'

const tcp = (host: string, port: number) => ({ kind: 'tcp', host, port })

test('each way to write an address is understood', () => {
  const meant: Readonly<Record<string, unknown>> = {
    '127.0.0.1:8000': tcp('127.0.0.1', 8000),
    'localhost:80': tcp('localhost', 80),
    '[::1]:8000': tcp('::1', 8000),
    '[::]:0': tcp('::', 0),
    'tcp://10.0.0.1:65535': tcp('10.0.0.1', 65_535),
    '8000': tcp('0.0.0.0', 8000),
    ':8000': tcp('0.0.0.0', 8000),
    'unix:/run/app/{slot}.sock': { kind: 'unix', path: '/run/app/{slot}.sock' },
    'unix:///run/app.sock': { kind: 'unix', path: '/run/app.sock' },
    'unix:/run/my app.sock': { kind: 'unix', path: '/run/my app.sock' },
    'fd://3': { kind: 'fd', fd: 3 },
  }
  assert.deepEqual(
    parseAll(addresses, Object.keys(meant)),
    Object.values(meant).map((address) => [address]),
  )
})

test('an address is shown in a form that reads back as the same address', () => {
  const texts = ['127.0.0.1:8000', '[::1]:8000', 'unix:/run/{slot}.sock', 'fd://3', '8000']
  for (const value of parseAll(addresses, texts)) {
    assert.deepEqual(parseAll(addresses, [addresses.format(value as [])]), [value])
  }
})

test('a wrong address is refused with the rule it breaks', () => {
  const reasons: Readonly<Record<string, RegExp>> = {
    '': /port is missing/,
    '65536': /0 to 65535/,
    '80 ': /0 to 65535/,
    '127.0.0.1:': /port is missing/,
    '127.0.0.1': /port is missing/,
    localhost: /port is missing/,
    '127.0.0.1:080': /0 to 65535/,
    '127.0.0.1:-1': /0 to 65535/,
    '127.0.0.1:0x50': /0 to 65535/,
    '[::1': /closing \]/,
    '[::1]': /followed by a colon and a port/,
    '[::1]8000': /followed by a colon and a port/,
    '[::g]:80': /not an IPv6 address/,
    '[]:80': /not an IPv6 address/,
    '::1:80': /in brackets/,
    '300.1.1.1:80': /not an IPv4 address/,
    '-bad:80': /not a host name/,
    'http://x:80': /in brackets|host name/,
    'unix:': /path after unix: is empty/,
    'unix:relative.sock': /must be absolute/,
    'unix:@abstract': /must be absolute/,
    'unix:/run/': /names a directory/,
    'unix:/run/{slot}/{slot}.sock': /once/,
    'fd://': /descriptor number/,
    'fd://x': /descriptor number/,
    'fd://-1': /descriptor number/,
    'fd://2': /standard input, output and error/,
    'unix:/run/a\nb': /U\+000A at position 12/,
    'unix:/run/a\u0000': /U\+0000/,
    'a\u001b[2J:80': /U\+001B/,
  }
  for (const [text, expected] of Object.entries(reasons)) {
    assert.match(reason(addresses, text) ?? 'accepted', expected, JSON.stringify(text))
  }
})

test('a socket path of 107 bytes is accepted and one of 108 is not, counted in bytes and with the slot filled in', () => {
  assert.equal(reason(addresses, `unix:/${'a'.repeat(106)}`), undefined)
  assert.match(reason(addresses, `unix:/${'a'.repeat(107)}`) ?? '', /108 bytes, the kernel allows 107/)
  assert.match(reason(addresses, `unix:/${'é'.repeat(54)}`) ?? '', /109 bytes/)
  assert.equal(reason(addresses, `unix:/${'a'.repeat(103)}{slot}`), undefined)
})

test('several addresses stand in one text with commas, or in a list', () => {
  const both = [tcp('0.0.0.0', 80), tcp('127.0.0.1', 81)]
  assert.deepEqual(parseAll(addresses, ['80,127.0.0.1:81', '80 , 127.0.0.1:81']), [both, both])
  assert.deepEqual(acceptAll(addresses, [[80, '127.0.0.1:81'], '80', 80]), [both, [both[0]], [both[0]]])
})

test('no address at all, and the same address twice, are refused; port 0 is another port each time', () => {
  assert.deepEqual(acceptAll(addresses, [[], ['80', '0.0.0.0:80'], [null], [{}], 80.5]), Array(5).fill(refused))
  assert.deepEqual(acceptAll(addresses, [['0', '0']]), [[tcp('0.0.0.0', 0), tcp('0.0.0.0', 0)]])
})
