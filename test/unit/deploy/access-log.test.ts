import assert from 'node:assert/strict'
import test from 'node:test'
import { upstreamOf } from '../../../src/deploy/access-log.ts'

const line = (upstream: string) =>
  `127.0.0.1 - - [21/Nov/2026:02:12:03 +0000] "GET /?a HTTP/2.0" 200 12 "-" "x" rt=0.003 ut=0.003 upstream=${upstream} id=0af3`

test('the socket that answered is read from the access log', () => {
  assert.equal(upstreamOf(line('unix:/run/app/1.sock')), 'unix:/run/app/1.sock')
})

test('after a retry the last socket is the one that answered', () => {
  assert.equal(upstreamOf(line('unix:/run/app/1.sock, unix:/run/app/2.sock')), 'unix:/run/app/2.sock')
})

test('a line without a socket was answered by nginx itself', () => {
  assert.equal(upstreamOf(line('-')), null)
})

test('a client cannot write itself a worker into the log', () => {
  assert.equal(upstreamOf(`1.2.3.4 "GET /" "agent upstream=unix:/x id=1" upstream=- id=22`), null)
})

test('a line that is a JSON object tells the socket as well', () => {
  assert.equal(
    upstreamOf('{"uri":"/","upstream":"unix:/run/app/1.sock, unix:/run/app/2.sock","id":"0a"}'),
    'unix:/run/app/2.sock',
  )
  assert.equal(upstreamOf('{"uri":"/","upstream":"","id":"0a"}'), null)
})
