import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { isIdle } from '../../../src/http/connections.ts'
import { Doorkeeper } from '../../../src/http/doorkeeper.ts'
import { limitsOf } from '../../../src/http/limits.ts'
import { trustIn } from '../../../src/http/trust.ts'

const limits = limitsOf({
  ...{ limitRequestLine: 0, limitRequestFields: 0, limitRequestFieldSize: 0 },
  ...{ limitRequestBody: 0, headerMap: 'drop' },
})
const refusalLog = { tell: () => {}, count: () => 0 }
const doorkeeper = (): Doorkeeper =>
  new Doorkeeper({
    trust: trustIn([]),
    probe: null,
    clock: { now: 0, wind: () => {} },
    limits,
    refusalLog,
    witness: null,
  })

function exchange(socket: Socket): { readonly request: IncomingMessage; readonly response: ServerResponse } {
  const request = new IncomingMessage(socket)
  request.httpVersionMajor = 1
  request.httpVersionMinor = 1
  request.complete = true
  request.rawHeaders.push('Host', 'a')
  Object.assign(request, { method: 'GET', url: '/' })
  return { request, response: new ServerResponse(request) }
}

test('requests in flight are counted until their answers are out', () => {
  const keeper = doorkeeper()
  const socket = new Socket()
  keeper.arrived(socket)
  const { request, response } = exchange(socket)
  assert.equal(keeper.requested(request, response), true)
  assert.deepEqual(keeper.stats, { requests: 1, inFlight: 1, connections: 1 })
  response.emit('close')
  assert.deepEqual(keeper.stats, { requests: 1, inFlight: 0, connections: 1 })
})

test('a connection that goes takes with it the answers that nobody will end', () => {
  const keeper = doorkeeper()
  const socket = new Socket()
  keeper.arrived(socket)
  const exchanges = [exchange(socket), exchange(socket)]
  for (const { request, response } of exchanges) keeper.requested(request, response)
  socket.emit('close')
  assert.deepEqual(keeper.stats, { requests: 2, inFlight: 0, connections: 0 })
  for (const { response } of exchanges) response.emit('close')
  assert.equal(keeper.stats.inFlight, 0)
})

test('a request that comes after the answer that said close is not carried out, since it cannot be answered', () => {
  const keeper = doorkeeper()
  const socket = new Socket()
  keeper.arrived(socket)
  keeper.beginClosing()
  const first = exchange(socket)
  assert.equal(keeper.requested(first.request, first.response), true)
  first.response.writeHead(200)
  const late = exchange(socket)
  assert.equal(keeper.requested(late.request, late.response), false)
  assert.equal(keeper.stats.requests, 1)
})

test('a request that is handed in twice is counted once', () => {
  const keeper = doorkeeper()
  const socket = new Socket()
  keeper.arrived(socket)
  const { request, response } = exchange(socket)
  keeper.requested(request, response)
  assert.equal(keeper.requested(request, response), true)
  assert.equal(keeper.stats.requests, 1)
})

test('a connection is idle only when nothing is in flight, unread, half sent or taken over', () => {
  const keeper = doorkeeper()
  const socket = new Socket()
  let bytesRead = 0
  Object.defineProperty(socket, 'bytesRead', { get: () => bytesRead })
  keeper.arrived(socket)
  const [connection] = [...keeper.connections.values()]
  assert.ok(connection !== undefined)
  assert.equal(isIdle(connection), true)
  bytesRead = 10
  assert.equal(isIdle(connection), false)
  const { request, response } = exchange(socket)
  request.complete = false
  keeper.requested(request, response)
  response.emit('close')
  assert.equal(isIdle(connection), false)
  bytesRead = 500
  request.emit('end')
  assert.equal(isIdle(connection), true)
  request.headers.upgrade = 'websocket'
  keeper.upgraded(request, socket, Buffer.alloc(0))
  assert.equal(isIdle(connection), false)
})
