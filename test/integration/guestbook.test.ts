import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { request } from '../helpers/http-request.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { keepLog } from '../helpers/report-logs.ts'
import { repository } from '../helpers/repository.ts'
import { collectLog } from '../helpers/server-log.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const app = join(repository, 'test', 'apps', 'guestbook', 'app.js')
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const png = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1')

/** The guestbook as a plain Node.js program, on a unix socket, with its state in `dir`. */
async function openGuestbook(dir: TempDir, name = 'a') {
  const socketPath = dir.join(name)
  const env = cleanEnvironment({ PORT: socketPath, DATA_DIR: dir.join('data') })
  const group = spawnGroup(process.execPath, [app], { cwd: dir.path, env, stdio: ['ignore', 'pipe', 'pipe'] })
  keepLog(`guestbook ${name}`, collectLog([group.child.stdout, group.child.stderr]).lines)
  const target = { socketPath }
  await until(async () => (await request(target, '/healthz')).status === 200, { what: 'the guestbook to be open' })
  return { target, [Symbol.asyncDispose]: group.kill }
}

type Part = { readonly name: string; readonly content: string | Buffer; readonly file?: string }

function multipart(parts: readonly Part[]) {
  const pieces = parts.flatMap(({ name, content, file }) => {
    const label = file === undefined ? '' : `; filename="${file}"\r\nContent-Type: image/png`
    return [`--x\r\nContent-Disposition: form-data; name="${name}"${label}\r\n\r\n`, content, '\r\n']
  })
  const body = Buffer.concat([...pieces, '--x--\r\n'].map((piece) => Buffer.from(piece)))
  return { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body }
}

test('posts to two processes at once are all kept, once each, and both show them', async () => {
  await using dir = await tempDir()
  await using first = await openGuestbook(dir, 'a')
  await using second = await openGuestbook(dir, 'b')
  const posts = Array.from({ length: 300 }, (_, index) =>
    request((index % 2 === 0 ? first : second).target, '/entries', {
      method: 'POST',
      headers: form,
      body: `name=visitor&message=${'long '.repeat(index % 150)}post-${index}.`,
    }),
  )
  const statuses = (await Promise.all(posts)).map(({ status }) => status)
  assert.deepEqual(new Set(statuses), new Set([303]))
  for (const { target } of [first, second]) assert.match((await request(target, '/')).body, /300 entries/)
  const kept = readFileSync(dir.join('data', 'entries.jsonl'), 'utf8')
  const messages = kept.match(/post-\d+\./g) ?? []
  assert.equal(messages.length, 300)
  assert.equal(new Set(messages).size, 300)
})

test('entries outlive the process, and a line that a full disk cut short costs only itself', async () => {
  await using dir = await tempDir()
  await dir.write(
    'data/entries.jsonl',
    '{"id":"1","at":"2026-01-01T00:00:00Z","name":"Ada","message":"first"}\n{"id":"2","na',
  )
  await using book = await openGuestbook(dir)
  await request(book.target, '/entries', { method: 'POST', headers: form, body: 'name=Bea&message=second' })
  const { body } = await request(book.target, '/')
  assert.match(body, /2 entries/)
  assert.ok(body.indexOf('second') < body.indexOf('first'), 'the newest entry comes first')
})

test('what a visitor writes is shown as text', async () => {
  await using dir = await tempDir()
  await using book = await openGuestbook(dir)
  const words = '<script>alert(1)</script>&\'"'
  const body = `name=${encodeURIComponent(words)}&message=${encodeURIComponent(words)}`
  await request(book.target, '/entries', { method: 'POST', headers: form, body })
  const page = await request(book.target, '/')
  assert.equal(page.body.includes('<script>alert'), false)
  assert.match(page.body, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&amp;&#39;&quot;/)
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
})

test('a picture is kept and served, and what is not a picture is refused', async () => {
  await using dir = await tempDir()
  await using book = await openGuestbook(dir)
  const words = [
    { name: 'name', content: 'Ada' },
    { name: 'message', content: 'look' },
  ]
  const send = (content: Buffer, file: string) =>
    request(book.target, '/entries', multipart([...words, { name: 'picture', content, file }]))
  assert.equal((await send(png, '../../x.html')).status, 303)
  const [path = ''] = /\/pictures\/[\w-]+\.png/.exec((await request(book.target, '/')).body) ?? []
  const picture = await request(book.target, path)
  assert.equal(picture.headers['content-type'], 'image/png')
  assert.deepEqual(picture.bytes, png)
  assert.equal((await send(Buffer.from('<html>'), 'x.png')).status, 422)
  assert.equal((await send(Buffer.concat([png, Buffer.alloc(3_000_000)]), 'x.png')).status, 413)
  assert.match((await request(book.target, '/')).body, /1 entry/)
})

test('a form from another site, without words or too long is refused with a page', async () => {
  await using dir = await tempDir()
  await using book = await openGuestbook(dir)
  const post = (body: string, headers = {}) =>
    request(book.target, '/entries', { method: 'POST', body, headers: { ...form, host: 'book.example', ...headers } })
  const words = 'name=Ada&message=hello'
  assert.equal((await post(words, { 'sec-fetch-site': 'cross-site' })).status, 403)
  assert.equal((await post(words, { origin: 'https://evil.example' })).status, 403)
  assert.equal((await post(words, { origin: 'https://book.example:8443' })).status, 303)
  assert.equal((await post('name=&message=hello')).status, 422)
  assert.equal((await post(`name=Ada&message=${'a'.repeat(1001)}`)).status, 422)
  assert.equal((await post(`name=Ada&message=${'a'.repeat(20_000)}`)).status, 413)
  assert.equal((await request(book.target, '/nowhere')).status, 404)
})

test('the clock ticks at once and the echo answers', async () => {
  await using dir = await tempDir()
  await using book = await openGuestbook(dir)
  await using clock = await rawSocket(book.target)
  clock.write('GET /clock HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await clock.receive(/text\/event-stream.*event: tick\ndata: \{"now":"20/s)
  await using echo = await rawSocket(book.target)
  const key = Buffer.alloc(16).toString('base64')
  const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}`
  echo.write(`GET /echo HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n\r\n`)
  await echo.receive(/^HTTP\/1\.1 101 /)
  // A masked text frame with a mask of zeros (RFC 6455, 5.2).
  echo.write(Buffer.concat([Buffer.from([0x81, 0x85, 0, 0, 0, 0]), Buffer.from('hello')]))
  await echo.receive(/^HTTP.*hello$/s)
})
