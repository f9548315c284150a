import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { tellClient } from '../../../src/http/client-address.ts'
import { type Connection, newConnection } from '../../../src/http/connections.ts'
import { trustIn } from '../../../src/http/trust.ts'

const trust = trustIn(['127.0.0.1'])

function asked(connection: Connection, ...rawHeaders: readonly string[]): IncomingMessage {
  const request = new IncomingMessage(connection.socket)
  // This is how the parser fills a request.
  Reflect.apply(Reflect.get(request, '_addHeaderLines'), request, [[...rawHeaders], rawHeaders.length])
  tellClient(connection, request, trust)
  return request
}

test('an application sees the client that a trusted proxy names, each request its own', () => {
  const connection = newConnection(new Socket(), true)
  const { socket } = asked(connection, 'X-Forwarded-For', '203.0.113.9:4711', 'X-Forwarded-Proto', 'https')
  const seen = (): unknown => [
    socket.remoteAddress,
    socket.remotePort,
    socket.remoteFamily,
    Reflect.get(socket, 'encrypted'),
  ]
  assert.deepEqual(seen(), ['203.0.113.9', 4711, 'IPv4', true])
  asked(connection, 'X-Forwarded-For', '2001:db8::1', 'X-Forwarded-Proto', 'http')
  assert.deepEqual(seen(), ['2001:db8::1', undefined, 'IPv6', false])
  asked(connection, 'Host', 'a')
  assert.deepEqual(seen(), [undefined, undefined, undefined, undefined])
})

test('what a client wrote before the trusted part of X-Forwarded-For is gone wherever one may look', () => {
  const connection = newConnection(new Socket(), true)
  const request = asked(
    connection,
    'Host',
    'a',
    'X-Forwarded-For',
    '1.2.3.4',
    'x-forwarded-for',
    '203.0.113.9',
    'Accept',
    '*/*',
  )
  assert.equal(request.headers['x-forwarded-for'], '203.0.113.9')
  assert.deepEqual(request.headersDistinct['x-forwarded-for'], ['203.0.113.9'])
  assert.deepEqual(request.rawHeaders, ['Host', 'a', 'Accept', '*/*', 'X-Forwarded-For', '203.0.113.9'])
})

test('a Forwarded header that a proxy only passed on is taken away', () => {
  const connection = newConnection(new Socket(), true)
  const request = asked(connection, 'Forwarded', 'for=1.2.3.4', 'X-Forwarded-For', '203.0.113.9')
  assert.equal(request.headers.forwarded, undefined)
  assert.deepEqual(request.rawHeaders, ['X-Forwarded-For', '203.0.113.9'])
})

test('from a peer that is not trusted, nothing is believed and nothing is passed on', () => {
  const connection = newConnection(new Socket(), false)
  const lies = [
    'X-Forwarded-For',
    '1.2.3.4',
    'X-FORWARDED-PROTO',
    'https',
    'X-Forwarded-Host',
    'evil',
    'Forwarded',
    'for=1.2.3.4',
    'X-Real-IP',
    '1.2.3.4',
  ]
  const request = asked(connection, 'Host', 'a', ...lies, 'X-Other', 'b')
  assert.deepEqual(request.rawHeaders, ['Host', 'a', 'X-Other', 'b'])
  assert.deepEqual({ ...request.headers }, { host: 'a', 'x-other': 'b' })
  assert.equal(request.socket.remoteAddress, undefined)
})

function pipelined(connection: Connection, address: string): IncomingMessage {
  const request = new IncomingMessage(connection.socket)
  request.headers = { 'x-forwarded-for': address, 'x-forwarded-proto': 'https' }
  connection.exchanges.push({
    request,
    response: new ServerResponse(request),
    begun: 0,
    testimony: null,
    refused: false,
  })
  tellClient(connection, request, trust)
  return request
}

test('requests of several clients that a proxy sends without waiting each have their own client, however late it is asked for', () => {
  const connection = newConnection(new Socket(), true)
  const requests = ['203.0.113.1', '203.0.113.2', '2001:db8::3', '203.0.113.1'].map((client) =>
    pipelined(connection, client),
  )
  const seen = () =>
    requests.map(({ socket }) => [socket.remoteAddress, socket.remoteFamily, Reflect.get(socket, 'encrypted')])
  const truth = [
    ['203.0.113.1', 'IPv4', true],
    ['203.0.113.2', 'IPv4', true],
    ['2001:db8::3', 'IPv6', true],
    ['203.0.113.1', 'IPv4', true],
  ]
  assert.deepEqual(seen(), truth)
  connection.exchanges.splice(0, 1)
  assert.deepEqual(seen(), truth)
  connection.exchanges.splice(0)
  assert.equal(pipelined(connection, '203.0.113.9').socket, connection.socket)
})

test('a view of the socket that a request has to itself works as the socket does', () => {
  const connection = newConnection(new Socket(), true)
  const [first, second] = ['203.0.113.1', '203.0.113.2'].map((client) => pipelined(connection, client))
  assert.ok(first !== undefined && second !== undefined)
  let closed = 0
  second.socket.on('close', () => {
    closed += 1
  })
  second.socket.emit('close', false)
  second.socket.allowHalfOpen = false
  assert.deepEqual([closed, connection.socket.allowHalfOpen, second.socket instanceof Socket], [1, false, true])
})

const contradictions: readonly (readonly [headers: readonly string[], believed: boolean | undefined | null])[] = [
  [['X-Forwarded-Proto', 'https', 'X-Forwarded-Proto', 'http'], null],
  [['X-Forwarded-Proto', 'https,http', 'X-Forwarded-For', '203.0.113.9'], null],
  [['X-Forwarded-Proto', 'https', 'X-Forwarded-Ssl', 'off'], null],
  [['X-Forwarded-Proto', 'http', 'X-Forwarded-Protocol', 'ssl'], null],
  [['X-Forwarded-Ssl', 'on', 'X-Forwarded-Protocol', 'http'], null],
  [['X-Forwarded-Proto', 'http', 'Forwarded', 'for=203.0.113.9;proto=https'], null],
  [['X-Forwarded-Proto', 'https', 'Forwarded', 'for=203.0.113.9;proto=https'], true],
  [['X-Forwarded-Proto', 'https, https'], true],
  [['X-Forwarded-Proto', 'https', 'X-Forwarded-Ssl', 'on', 'X-Forwarded-Protocol', 'ssl'], true],
  [['X-Forwarded-Ssl', 'on'], true],
  [['X-Forwarded-Ssl', 'whatever'], undefined],
  [['X-Forwarded-Proto', 'https, http', 'X-Forwarded-For', '203.0.113.9, 127.0.0.1'], true],
  [['X-Forwarded-Proto', 'https, http', 'X-Forwarded-For', '1.2.3.4, 203.0.113.9'], false],
]

for (const [headers, believed] of contradictions) {
  test(`proxies that say ${headers.join(' ')} are ${believed === null ? 'refused' : `believed: ${believed}`}`, () => {
    const connection = newConnection(new Socket(), true)
    const request = new IncomingMessage(connection.socket)
    Reflect.apply(Reflect.get(request, '_addHeaderLines'), request, [[...headers], headers.length])
    assert.equal(tellClient(connection, request, trust), believed !== null)
    if (believed !== null) assert.equal(Reflect.get(request.socket, 'encrypted'), believed)
    if (believed !== null) assert.doesNotMatch(String(request.headers['x-forwarded-proto']), /,/)
  })
}
