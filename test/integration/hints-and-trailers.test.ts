import assert from 'node:assert/strict'
import { test } from 'node:test'
import tls from 'node:tls'
import { makeCertificate } from '../helpers/certificates.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { serving } from '../helpers/serving-worker.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const ask = (line: string, more = ''): string =>
  `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`
const hints =
  'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload, </b.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n'
const sent = `${ask('POST /trailers', 'Transfer-Encoding: chunked\r\n')}4\r\ntest\r\n0\r\nX-Sum: 42\r\n\r\n`

type Ask = (text: string) => Promise<string>

async function check(answerTo: Ask): Promise<void> {
  assert.equal((await answerTo(ask('GET /early'))).slice(0, hints.length), hints)
  assert.match(await answerTo(ask('GET /trailers')), /\r\n0\r\nX-Sum: 42\r\n\r\n$/)
  assert.match(await answerTo(sent), /\r\n0\r\nX-Sum: 42\r\n\r\n$/)
}

test('over HTTP/1.1, early hints come before the answer, and trailers after it', async () => {
  await using server = await serving('who/listener.mjs')
  await check(async (text) => {
    await using socket = await rawSocket(server.listener.target)
    socket.write(text)
    return await socket.closed()
  })
})

test('over HTTP/1.1 and TLS, early hints come before the answer, and trailers after it', async () => {
  await using dir = await tempDir()
  const { certfile, keyfile } = await makeCertificate(dir, 'site')
  await using server = await serving('who/listener.mjs', { certfile, keyfile })
  const { port } = server.listener.target as { port: number }
  await check(async (text) => {
    const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
    let [seen, over] = ['', false]
    socket.setEncoding('latin1').on('data', (part: string) => (seen += part))
    socket.on('end', () => {
      over = true
    })
    socket.write(text)
    await until(() => over)
    socket.destroy()
    return seen
  })
})

test('a proxy gets no early hints, because nginx would take them for the answer', async () => {
  await using server = await serving('who/listener.mjs')
  await using socket = await rawSocket(server.listener.target)
  socket.write(ask('GET /early', 'X-Forwarded-For: 192.0.2.1\r\n'))
  assert.match(await socket.closed(), /^HTTP\/1\.1 200 OK\r\n/)
})

test('a proxy that is known to pass early hints on gets them', async () => {
  await using server = await serving('who/listener.mjs', { earlyHints: 'always' })
  await using socket = await rawSocket(server.listener.target)
  socket.write(ask('GET /early', 'X-Forwarded-For: 192.0.2.1\r\n'))
  assert.equal((await socket.closed()).slice(0, hints.length), hints)
})
