import assert from 'node:assert/strict'
import { chmodSync, chownSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { SiteAnswers } from '../../src/settings/site-table.ts'
import { goldenAnswers } from '../golden/read-golden.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { needs, program } from './needs.ts'
import { existingAccount, placeSite, read } from './place-site.ts'

const skip = needs('logrotate', 'openssl')

// Its number on every Debian.
const daemon = 1

async function placeLogs(dir: TempDir, given: SiteAnswers): Promise<{ readonly file: string; readonly logs: string }> {
  chmodSync(dir.path, 0o755)
  const { answers, fileOf } = await placeSite(dir.path, { ...given, ...existingAccount() })
  const logs = answers.logDirectory
  writeFileSync(join(logs, 'server.log'), 'a line\n', { mode: 0o640 })
  if (process.getuid?.() === 0) for (const path of [logs, join(logs, 'server.log')]) chownSync(path, daemon, daemon)
  return { file: fileOf(`etc/logrotate.d/${answers.name}`), logs }
}

const rotate = (dir: TempDir, args: readonly string[], path = '') =>
  runProgram(program('logrotate'), ['-s', dir.join('state'), ...args], {
    env: cleanEnvironment({ PATH: `${path}:${process.env['PATH']}` }),
  })

for (const { name, answers } of goldenAnswers().filter((golden) => golden.answers.logs === 'files')) {
  test(`logrotate accepts the rules of ${name} and would rotate its log`, { skip }, async () => {
    await using dir = await tempDir()
    const { file, logs } = await placeLogs(dir, answers)
    const { code, stderr } = await rotate(dir, ['-d', '-f', file])
    // It exits 0 with "error: … ignoring line": what it says is what counts.
    assert.doesNotMatch(stderr, /error:/)
    assert.equal(code, 0)
    assert.ok(stderr.includes(`considering log ${logs}/server.log`), stderr)
    assert.match(stderr, /log needs rotating/)
  })
}

test('logrotate complains of rules with a mistake in them, so its silence means something', { skip }, async () => {
  await using dir = await tempDir()
  const [first] = goldenAnswers().filter(({ answers }) => answers.logs === 'files')
  assert.ok(first)
  const { file } = await placeLogs(dir, first.answers)
  writeFileSync(file, read(file).replace('missingok', 'misingok'))
  assert.match((await rotate(dir, ['-d', file])).stderr, /error:.*misingok/)
})

test('a rotation moves the log away, makes a new one for the service, and tells the master alone', {
  skip,
}, async () => {
  await using dir = await tempDir()
  const odd = goldenAnswers().find(({ name }) => name === 'odd-paths')
  assert.ok(odd)
  const { file, logs } = await placeLogs(dir, odd.answers)
  const told = dir.join('told')
  await dir.write('bin/systemctl', `#!/bin/sh\necho "$@" >> ${told}\n`, 0o755)
  await dir.write('told', '', 0o666)
  // logrotate reads no rules that others may write.
  chmodSync(file, 0o644)
  const { code, stderr } = await rotate(dir, ['-f', file], dir.join('bin'))
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  const names = readdirSync(logs).sort()
  assert.equal(names.length, 2)
  assert.equal(names[0], 'server.log')
  assert.match(String(names[1]), /^server\.log-\d{8}-\d+$/)
  assert.equal(read(join(logs, 'server.log')), '')
  assert.deepEqual(read(told).trim().split('\n'), [
    '--quiet is-active odd.service',
    'kill -s USR1 --kill-whom=main odd.service',
  ])
})
