import assert from 'node:assert/strict'
import test from 'node:test'
import { composeBy } from '../../../../src/log/access/compose.ts'
import type { AccessEntry } from '../../../../src/log/access/entry.ts'
import { escapeControls } from '../../../../src/log/escape.ts'
import { accessAtoms } from '../../../../src/settings/access-format.ts'

const writer = { pid: 4711, worker: 3, slot: 2 }
const roomy = 16_384

const plain: AccessEntry = {
  request: { method: 'GET', url: '/a/b?c=d', httpVersion: '1.1', headers: { host: 'example.org' } },
  client: { address: '192.0.2.7', port: 50_000 },
  peer: '192.0.2.7',
  encrypted: false,
  status: 200,
  answered: (name) => (name === 'etag' ? '"x"' : undefined),
  bytes: 12,
  cameAt: Date.parse('2026-11-20T15:26:41.250Z'),
  durationMs: 1234.5678,
  headerMs: 1.5,
  outcome: 'complete',
}

const withHeaders = (headers: AccessEntry['request']['headers']): AccessEntry => ({
  ...plain,
  request: { ...plain.request, headers },
})

const line = (format: string, entry: AccessEntry = plain): string =>
  composeBy(format, writer)(entry, roomy).slice(0, -1)

test('the default line is the combined one that log analysers read', () => {
  const headers = { referer: 'https://example.org/', 'user-agent': 'curl/8', authorization: 'Basic YW5uYTpzZWNyZXQ=' }
  const found =
    /^192\.0\.2\.7 - anna \[(.+)\] "GET \/a\/b\?c=d HTTP\/1\.1" 200 12 "https:\/\/example\.org\/" "curl\/8"$/.exec(
      line('combined', withHeaders(headers)),
    )
  assert.ok(found)
  const [, day, month, year, time, zone] = /^(\d\d)\/(\w{3})\/(\d{4}):(\S+) ([+-]\d{4})$/.exec(found[1] ?? '') ?? []
  assert.equal(Date.parse(`${day} ${month} ${year} ${time} ${zone}`), Date.parse('2026-11-20T15:26:41Z'))
})

const readings: Readonly<Record<string, readonly [string, AccessEntry?]>> = {
  '%(m)s %(U)s %(q)s %(H)s': ['GET /a/b c=d HTTP/1.1'],
  '%(s)s %(B)s %(b)s': ['200 0 -', { ...plain, bytes: 0 }],
  '%(T)s %(M)s %(D)s %(L)s %(duration_ms)s': ['1 1235 1234568 1.234568 1234.568'],
  '%(p)s %(worker)s %(slot)s': ['<4711> 3 2'],
  '%(client)s %(client_port)s %(peer)s %(scheme)s': [
    '2001:db8::1 - 10.0.0.1 https',
    { ...plain, client: { address: '2001:db8::1', port: undefined }, peer: '10.0.0.1', encrypted: true },
  ],
  '%({ETag}o)s %({X-Absent}i)s %({Host}i)s': ['\\x22x\\x22 - example.org'],
  '%({REMOTE_ADDR}e)s %({PATH_INFO}e)s %({HTTP_HOST}e)s %({NOBODY}e)s': ['192.0.2.7 /a/b example.org -'],
  '%(header_ms)s %(outcome)s': ['- aborted', { ...plain, headerMs: null, outcome: 'aborted' }],
  '%(request_id)s': ['abc', withHeaders({ 'x-request-id': 'abc' })],
  '%(trace_id)s': [
    '4bf92f3577b34da6a3ce929d0e0e4736',
    withHeaders({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }),
  ],
  '%(trace_id)s.': ['-.', withHeaders({ traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` })],
  '%(queue_ms)s': ['250', withHeaders({ 'x-request-start': 't=1795188401.000' })],
  '%(queue_ms)s of ms': ['250 of ms', withHeaders({ 'x-request-start': '1795188401000' })],
  '%(queue_ms)s of us': ['250 of us', withHeaders({ 'x-request-start': '1795188401000000' })],
  '%(queue_ms)s of nonsense': ['- of nonsense', withHeaders({ 'x-request-start': 'yesterday' })],
  '%(r)s %(m)s %(U)s %(q)s': ['- - - -', { ...plain, request: { httpVersion: '1.1', headers: {} } }],
}

for (const [format, [expected, entry]] of Object.entries(readings)) {
  test(`${format} reads as ${expected}`, () => assert.equal(line(format, entry), expected))
}

test('no name lets a client end the line, end its field, or drive a terminal', () => {
  const hostile = 'a"\\\n\r\t\u001b[2J\u0000\u009b\u00ff b'
  const headers = {
    ...{ host: hostile, referer: hostile, 'user-agent': hostile, 'x-request-id': hostile, 'x-any': hostile },
    authorization: `Basic ${Buffer.from(`${hostile}:x`, 'latin1').toString('base64')}`,
  }
  const entry: AccessEntry = {
    ...plain,
    request: { method: 'GET', url: `/${hostile}?${hostile}`, httpVersion: '1.1', headers },
    client: { address: hostile, port: 1 },
    peer: hostile,
    answered: () => hostile,
  }
  const formats = [...Object.keys(accessAtoms), '{x-any}i', '{x-any}o', '{QUERY_STRING}e', '{HTTP_X_ANY}e']
  for (const name of formats) assert.match(line(`%(${name})s`, entry), /^[\x20\x21\x23-\x7e]*$/, name)
  const json = line('json', entry)
  assert.equal(json, escapeControls(json))
  assert.equal((JSON.parse(json) as { userAgent: string }).userAgent, hostile)
})

test('a password never appears, whatever the format', () => {
  const entry = withHeaders({ authorization: `Basic ${Buffer.from('anna:sesame').toString('base64')}` })
  for (const format of ['combined', 'json', '%(u)s']) assert.doesNotMatch(line(format, entry), /sesame|YW5u/)
})

test('a JSON line has what dashboards ask for, as numbers where it is a number', () => {
  assert.deepEqual(JSON.parse(line('json')), {
    ...{ time: '2026-11-20T15:26:41.250Z', client: '192.0.2.7', method: 'GET', path: '/a/b', query: 'c=d' },
    ...{ protocol: 'HTTP/1.1', scheme: 'http', host: 'example.org', status: 200, bytes: 12, durationMs: 1234.568 },
    ...{ headerMs: 1.5, outcome: 'complete', pid: 4711, worker: 3, slot: 2 },
  })
})

test('a line is never longer than the system takes in one piece, and stays one line', () => {
  const entry = { ...plain, request: { ...plain.request, url: `/${'x'.repeat(9000)}` } }
  for (const format of ['combined', 'json']) {
    const long = composeBy(format, writer)(entry, 4096)
    assert.ok(Buffer.byteLength(long) <= 4096)
    assert.equal(long.indexOf('\n'), long.length - 1)
  }
  assert.equal(JSON.parse(composeBy('json', writer)(entry, 4096)).status, 200)
})
