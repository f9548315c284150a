import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import test from 'node:test'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { request } from '../helpers/http-request.ts'
import { childPids, isAlive, spawnGroup } from '../helpers/process-group.ts'
import { keepLog } from '../helpers/report-logs.ts'
import { repository } from '../helpers/repository.ts'
import { collectLog } from '../helpers/server-log.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { settled, until } from '../helpers/until.ts'
import { freePorts } from './rehearsal.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** `npm start` without npm, with ports of its own and all its scratch in `dir`. */
async function npmStart(dir: TempDir) {
  const ports = await freePorts()
  const args = ['test/apps/start.mjs', '--http-port', String(ports.http), '--https-port', String(ports.https)]
  const env = cleanEnvironment({ TMPDIR: dir.path })
  const group = spawnGroup(process.execPath, args, { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const log = collectLog([group.child.stdout, group.child.stderr])
  keepLog('npm start', log.lines)
  return { ...group, ports, log, [Symbol.asyncDispose]: group.kill }
}

function descendants(pid: number): readonly number[] {
  return childPids(pid).flatMap((child) => [child, ...descendants(child)])
}

test('npm start shows the guestbook over TLS, keeps a post, and stops without a trace when told to', async () => {
  await using dir = await tempDir()
  await using start = await npmStart(dir)
  await until(() => start.log.lines.some((line) => /^Up at /.test(line)), {
    what: 'the stack to be up',
    within: 90_000,
  })
  const target = { port: start.ports.https }
  const headers = { host: `localhost:${start.ports.https}`, ...form }
  const post = await request(target, '/entries', {
    tls: { servername: 'localhost' },
    method: 'POST',
    headers,
    body: 'name=Ada&message=kept+by+one+of+two',
  })
  assert.equal(post.status, 303)
  const page = await request(target, '/', { tls: { servername: 'localhost' }, headers })
  assert.match(page.body, /Sign the book.*kept by one of two/s)
  const started = descendants(start.pid)
  assert.ok(started.length >= 4, 'rehearse, master and two workers at least')
  process.kill(start.pid, 'SIGTERM')
  assert.deepEqual(await settled(start.ended), { code: 0, signal: null })
  assert.deepEqual(started.filter(isAlive), [])
  assert.deepEqual(await readdir(dir.path), [])
})

test('npm start tells by its exit status what the checks found, and that a port is no port', async () => {
  await using dir = await tempDir()
  const env = cleanEnvironment({ TMPDIR: dir.path })
  const args = ['test/apps/start.mjs', '--https-port', 'none']
  const group = spawnGroup(process.execPath, args, { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] })
  await using _ = { [Symbol.asyncDispose]: group.kill }
  const log = collectLog([group.child.stdout, group.child.stderr])
  assert.deepEqual(await settled(group.ended), { code: 2, signal: null })
  assert.match(log.lines.join('\n'), /--https-port.*none/)
  assert.deepEqual(await readdir(dir.path), [])
})
