import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { announceClose } from '../../../src/http/announce-close.ts'
import { type Connection, newConnection } from '../../../src/http/connections.ts'

function openExchange(connection: Connection): ServerResponse {
  const request = new IncomingMessage(connection.socket)
  request.httpVersionMajor = 1
  request.httpVersionMinor = 1
  const response = new ServerResponse(request)
  response.shouldKeepAlive = true
  connection.exchanges.push({ request, response, begun: 0, testimony: null, refused: false })
  announceClose(connection, response)
  return response
}

/** The head as it would be sent. */
const head = (response: ServerResponse): string => String(Reflect.get(response, '_header'))

const ways: readonly (readonly [what: string, write: (response: ServerResponse) => void])[] = [
  ['says nothing of the connection', (response) => response.writeHead(200)],
  ['never calls writeHead', (response) => response.end('ok')],
  ['sets Connection: keep-alive', (response) => response.setHeader('Connection', 'keep-alive').writeHead(200)],
  [
    'gives it to writeHead',
    (response) => response.writeHead(200, { connection: 'keep-alive', 'Keep-Alive': 'timeout=5' }),
  ],
  ['gives it to writeHead with a reason', (response) => response.writeHead(200, 'fine', { Connection: 'keep-alive' })],
  [
    'gives it to writeHead as a list',
    (response) => response.writeHead(200, ['Connection', 'keep-alive', 'A', 'connection']),
  ],
  ['says close itself', (response) => response.writeHead(200, { Connection: 'close' })],
]

for (const [what, write] of ways) {
  test(`an answer says Connection: close, once, when the application ${what}`, () => {
    const connection = newConnection(new Socket(), true)
    const response = openExchange(connection)
    write(response)
    assert.deepEqual(head(response).match(/^(?:connection|keep-alive):.*$/gim), ['Connection: close'])
    assert.equal(connection.closing, true)
  })
}

test('an answer behind which another request waits keeps the connection', () => {
  const connection = newConnection(new Socket(), true)
  const first = openExchange(connection)
  const second = openExchange(connection)
  first.writeHead(200)
  assert.match(head(first), /Connection: keep-alive/)
  assert.equal(connection.closing, false)
  second.writeHead(200)
  assert.match(head(second), /Connection: close/)
})

test('other headers pass, also those with the name for a value', () => {
  const response = openExchange(newConnection(new Socket(), true))
  response.writeHead(200, ['A', 'connection', 'Connection', 'keep-alive', 'B', 'c'])
  assert.match(head(response), /\r\nA: connection\r\nB: c\r\n/)
})
