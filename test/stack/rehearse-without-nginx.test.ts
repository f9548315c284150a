import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import test from 'node:test'
import { execa } from 'execa'
import type { CheckReport } from '../../src/contract/check-report.ts'
import { ask } from '../../src/deploy/client.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { checkIds, guestbookSite, notPassed } from './rehearsal.ts'
import { typeRehearse, writeProject } from './rehearse-cli.ts'

/** A PATH on which there is openssl, but no nginx. */
async function pathWithoutNginx(dir: TempDir): Promise<string> {
  const { stdout } = await execa('sh', ['-c', 'command -v openssl'])
  await dir.write('bin/.keep', '')
  await symlink(stdout.trim(), dir.join('bin', 'openssl'))
  return dir.join('bin')
}

test('without nginx the server itself serves TLS, and what is not rehearsed is said with the package to install', async () => {
  await using dir = await tempDir()
  const project = await writeProject(dir, guestbookSite())
  await using session = await typeRehearse([project], { env: { PATH: await pathWithoutNginx(dir) } })
  await session.shows(/Up at \S+ until Ctrl-C/)
  assert.match(
    session.screen(),
    /^ *nginx is not installed, .* are not rehearsed; `apt-get install nginx` changes that\.$/m,
  )
  const [, port] = await session.shows(/https:\/\/localhost:(\d+)\//)
  const door = { host: '127.0.0.1', port: Number(port), encrypted: true, name: 'localhost' }
  assert.equal((await ask(door, { path: '/' })).status, 200)
  session.signal('SIGINT')
  assert.equal((await session.ended()).code, 0, session.screen())
  assert.deepEqual(await session.traces(), [])
})

test('without nginx every check passes but those of nginx, which are skipped with the reason', async () => {
  await using dir = await tempDir()
  const project = await writeProject(dir, guestbookSite())
  const env = { PATH: await pathWithoutNginx(dir) }
  await using session = await typeRehearse([project], { flags: ['--once', '--json'], env })
  assert.equal((await session.ended()).code, 0, session.screen())
  const report: CheckReport = JSON.parse(session.stdout())
  const ofNginx = ['nginx.syntax', 'http.redirects', 'http2.negotiated', 'static.served-by-nginx', 'body.limit']
  assert.deepEqual(notPassed(report), Object.fromEntries(ofNginx.map((id) => [id, 'skip'])))
  assert.equal(report.checks.length, checkIds.length)
  for (const { status, found } of report.checks) if (status === 'skip') assert.match(found, /nginx/)
})

test('without openssl there is no certificate, and the package that has it is said', async () => {
  await using dir = await tempDir()
  const project = await writeProject(dir, guestbookSite())
  await dir.write('bin/.keep', '')
  await using session = await typeRehearse([project], { flags: ['--once'], env: { PATH: dir.join('bin') } })
  assert.equal((await session.ended()).code, 2)
  assert.match(session.screen(), /openssl.*not installed[\s\S]*apt-get install openssl/)
  assert.deepEqual(await session.traces(), [])
})

test('a site without TLS is rehearsed without it', async () => {
  await using dir = await tempDir()
  const project = await writeProject(dir, guestbookSite({ tls: 'off' }))
  await using session = await typeRehearse([project], { flags: ['--once', '--json'] })
  assert.equal((await session.ended()).code, 0, session.screen())
  const skipped = ['http.redirects', 'http2.negotiated', 'tls.certificate-matches', 'tls.versions']
  assert.deepEqual(notPassed(JSON.parse(session.stdout())), Object.fromEntries(skipped.map((id) => [id, 'skip'])))
})
