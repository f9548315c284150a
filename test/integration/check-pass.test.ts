import assert from 'node:assert/strict'
import { rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import test from 'node:test'
import { createPassReader } from '../../src/worker/read-pass.ts'
import { request } from '../helpers/http-request.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const token = 'a'.repeat(32)

type Server = Awaited<ReturnType<typeof startServer>>

async function serverWithControl(): Promise<{ readonly server: Server; readonly pass: string }> {
  const server = await startServer({ app: 'echo', flags: ['--control-socket', 'control.sock'] })
  return { server, pass: server.dir.join('control.sock.pass') }
}

/** Whether the server answers for itself, and not the application. */
async function isOpen({ target }: Server, path = `/tsicorn-check/${token}/view`): Promise<boolean> {
  const { body } = await request(target, path)
  return body.includes('"rawHeaders"') && body.includes('"slot"')
}

test('whoever may write beside the control socket has the server answer for itself, until the pass is gone', async () => {
  const { server, pass } = await serverWithControl()
  await using _ = server
  assert.equal(await isOpen(server), false)
  writeFileSync(pass, token, { mode: 0o600 })
  assert.equal(await isOpen(server), true)
  assert.equal(await isOpen(server, `/tsicorn-check/${'b'.repeat(32)}/view`), false)
  rmSync(pass)
  assert.equal(await isOpen(server), false)
})

test('a pass that others may read, that is a link or says something else opens nothing', async () => {
  const { server, pass } = await serverWithControl()
  await using _ = server
  writeFileSync(pass, token, { mode: 0o640 })
  assert.equal(await isOpen(server), false)
  rmSync(pass)
  writeFileSync(server.dir.join('elsewhere'), token, { mode: 0o600 })
  symlinkSync(server.dir.join('elsewhere'), pass)
  assert.equal(await isOpen(server), false)
  rmSync(pass)
  writeFileSync(pass, '', { mode: 0o600 })
  assert.equal(await isOpen(server, '/tsicorn-check//view'), false)
})

test('a pass that nobody touches any more counts for a minute', async () => {
  await using dir = await tempDir()
  const path = dir.join('pass')
  writeFileSync(path, token, { mode: 0o600 })
  let now = 1000
  const read = createPassReader({ path, user: process.geteuid?.() ?? 0, clock: () => now })
  assert.equal(read(), token)
  now += 59_000
  assert.equal(read(), token)
  now += 2000
  assert.equal(read(), null)
  utimesSync(path, 1, 1)
  assert.equal(read(), token)
  assert.equal(createPassReader({ path, user: 4_000_000, clock: () => now })(), null, 'that of another user')
})

test('a request with an upgrade stays whole for an application that takes none, whether or not there is a pass', async () => {
  const { server, pass } = await serverWithControl()
  await using _ = server
  writeFileSync(pass, token, { mode: 0o600 })
  const upgrade = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': '' }
  const answer = await request(server.target, '/', { method: 'POST', body: 'the body', headers: upgrade })
  assert.match(answer.body, /the body/)
})
