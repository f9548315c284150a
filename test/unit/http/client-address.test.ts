import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
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
