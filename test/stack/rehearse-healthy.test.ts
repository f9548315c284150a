import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import test from 'node:test'
import { execa } from 'execa'
import type { CheckReport } from '../../src/contract/check-report.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { checkIds, guestbookSite, notPassed } from './rehearsal.ts'
import { typeRehearse, writeProject } from './rehearse-cli.ts'

/** An ordinary user that every system has. */
const nobody = 65534

test('a healthy stack passes every check, in JSON and with exit status 0, and leaves nothing', async () => {
  await using dir = await tempDir()
  await using session = await typeRehearse([await writeProject(dir, guestbookSite())], {
    flags: ['--once', '--json', '--strict'],
  })
  assert.deepEqual(await session.ended(), { code: 0, signal: null }, session.screen())
  const report: CheckReport = JSON.parse(session.stdout())
  assert.deepEqual(notPassed(report), {})
  assert.deepEqual(
    report.checks.map(({ id }) => id),
    checkIds,
  )
  assert.deepEqual(report.summary, { pass: checkIds.length, warn: 0, fail: 0, skip: 0 })
  assert.equal(session.screen(), session.stdout())
  assert.deepEqual(await session.traces(), [])
})

test('a person reads what runs where, the address, and a line for each check, without colours in a file', async () => {
  await using dir = await tempDir()
  await using session = await typeRehearse([await writeProject(dir, guestbookSite())], { flags: ['--once'] })
  assert.equal((await session.ended()).code, 0, session.screen())
  const lines = session.stdout().split('\n')
  assert.ok(lines.some((line) => /^ {2}nginx [\d.]+ +pid \d+ +127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+$/.test(line)))
  assert.ok(lines.some((line) => /^ {2}tsicorn, 2 workers +pid \d+ +unix:\/.*1\.sock … 2\.sock$/.test(line)))
  assert.ok(lines.some((line) => /^ {2}https:\/\/localhost:\d+\/$/.test(line)))
  for (const id of checkIds) assert.equal(lines.filter((line) => line.endsWith(`  ${id}`)).length, 1, id)
  assert.match(session.stdout(), /^15 passed, 0 failed$/m)
  assert.equal(session.stdout().includes('\u001b'), false)
})

test('an ordinary user gets the same result as root', { skip: process.getuid?.() !== 0 && 'needs root' }, async () => {
  await using dir = await tempDir()
  const project = await writeProject(dir, guestbookSite())
  await execa('chown', ['-R', String(nobody), dir.path])
  const path = '/usr/local/bin:/usr/bin:/bin'
  await using session = await typeRehearse([project], {
    flags: ['--once', '--json'],
    uid: nobody,
    env: { PATH: path, HOME: '/' },
  })
  assert.equal((await session.ended()).code, 0, session.screen())
  const report: CheckReport = JSON.parse(session.stdout())
  assert.deepEqual(report.summary, { pass: checkIds.length, warn: 0, fail: 0, skip: 0 })
  assert.deepEqual(await session.traces(), [])
})

test('without a bundle, what init would write is rehearsed, and said to be', async () => {
  await using dir = await tempDir()
  await dir.write('package.json', JSON.stringify({ name: 'hello', tsicorn: { workers: 3, domain: ['hello.example'] } }))
  await dir.write('server.mjs', 'import http from "node:http"\nhttp.createServer((_, r) => r.end("hi")).listen(3000)\n')
  await using session = await typeRehearse([dir.path], { flags: ['--once'] })
  assert.equal((await session.ended()).code, 0, session.screen())
  assert.match(session.stdout(), /what `tsicorn init .* --yes` would write/)
  assert.match(session.stdout(), /tsicorn, 3 workers/)
})

test('a site with everything there is to answer passes every check', async () => {
  const site = guestbookSite({
    ...{ domain: ['guestbook.example', '*.guestbook.example', 'guestbook.test'], tls: 'self-signed', hsts: true },
    ...{ defaultServer: true, workers: 3, logs: 'files', nginxLayout: 'conf.d', maxBody: 50_000_000 },
  })
  await using dir = await tempDir()
  await using session = await typeRehearse([await writeProject(dir, site)], { flags: ['--once', '--json'] })
  assert.equal((await session.ended()).code, 0, session.screen())
  assert.deepEqual(notPassed(JSON.parse(session.stdout())), {})
})

test('the scratch folder can be kept, and is said', async () => {
  await using dir = await tempDir()
  const flags = ['--once', '--json', '--keep']
  await using session = await typeRehearse([await writeProject(dir, guestbookSite())], { flags })
  assert.equal((await session.ended()).code, 0, session.screen())
  const [, kept = ''] = await session.shows(/stay in (\S+)/)
  assert.deepEqual(await session.traces(), [basename(kept)])
  assert.match(await readFile(join(kept, 'site/etc/nginx/sites-available/guestbook.conf'), 'utf8'), /localhost/)
})

test('a file that was changed by hand is said not to be rehearsed', async () => {
  await using dir = await tempDir()
  await writeProject(dir, guestbookSite())
  await dir.write('deploy/etc/nginx/sites-available/guestbook.conf', '# mine\n')
  await using session = await typeRehearse([dir.path], { flags: ['--once'] })
  assert.equal((await session.ended()).code, 0, session.screen())
  assert.match(session.stdout(), /guestbook\.conf was changed since it was written; the change is not rehearsed/)
})
