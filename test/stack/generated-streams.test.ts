import assert from 'node:assert/strict'
import type http from 'node:http'
import https from 'node:https'
import test from 'node:test'
import { connect as connectTls } from 'node:tls'
import { until } from '../helpers/until.ts'
import { needs } from './needs.ts'
import { echo, serveSite, tls } from './serve-site.ts'

const skip = needs('nginx', 'openssl')

for (const accept of ['text/event-stream', 'application/json, text/event-stream']) {
  test(`an event comes through HTTP/1.1 and TLS while the stream is open, for a client that accepts ${accept}`, {
    skip,
  }, async () => {
    await using site = await serveSite({})
    let finish = () => {}
    const stream: http.RequestListener = (_incoming, answer) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' })
      answer.write('data: first\n\n')
      finish = () => answer.end('data: last\n\n')
    }
    await site.worker(1, stream)
    await site.worker(2, stream)
    let seen = ''
    const where = { host: '127.0.0.1', port: site.httpsPort, ...tls, rejectUnauthorized: false }
    const outgoing = https.get({ ...where, agent: false, headers: { host: 'localhost', accept } })
    outgoing.on('response', (answer) => answer.setEncoding('utf8').on('data', (text: string) => (seen += text)))
    await until(() => seen.includes('first'), { what: 'the first event' })
    finish()
    await until(() => seen.includes('last'), { what: 'the last event' })
  })
}

test('an answer that asks for no buffering is not held back, and visitors do not see how it asked', {
  skip,
}, async () => {
  await using site = await serveSite({})
  let finish = () => {}
  const stream: http.RequestListener = (_incoming, answer) => {
    answer.writeHead(200, { 'x-accel-buffering': 'no' })
    answer.write('first')
    finish = () => answer.end()
  }
  await site.worker(1, stream)
  await site.worker(2, stream)
  const where = { host: '127.0.0.1', port: site.httpsPort, ...tls, rejectUnauthorized: false }
  let [seen, headers] = ['', {} as http.IncomingHttpHeaders]
  https.get({ ...where, agent: false, headers: { host: 'localhost' } }).on('response', (answer) => {
    headers = answer.headers
    answer.setEncoding('utf8').on('data', (text: string) => (seen += text))
  })
  await until(() => seen === 'first', { what: 'the first word' })
  assert.equal(headers['x-accel-buffering'], undefined)
  finish()
})

test('a WebSocket reaches a worker and speaks both ways', { skip }, async () => {
  await using site = await serveSite({})
  for (const slot of [1, 2]) {
    const worker = await site.worker(slot, echo)
    worker.on('upgrade', (_incoming, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
      socket.pipe(socket)
    })
  }
  const socket = connectTls({ host: '127.0.0.1', port: site.httpsPort, ...tls, rejectUnauthorized: false })
  let seen = ''
  socket.setEncoding('utf8').on('data', (text) => (seen += text))
  socket.write('GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  await until(() => seen.includes('\r\n\r\n'), { what: 'the handshake' })
  assert.match(seen, /^HTTP\/1\.1 101 /)
  socket.write('ping')
  await until(() => seen.endsWith('ping'), { what: 'the echo' })
  socket.destroy()
})
