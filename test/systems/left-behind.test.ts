import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'
import { type ProgramResult, runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { needs, vagrantMachine } from './needs.ts'

const skip = vagrantMachine === undefined ? needs('bookworm') : 'containers are looked at, not machines of Vagrant’s'
const program = (name: string) => ['--import', 'tsx', join(import.meta.dirname, 'programs', name)]

/** What is left of machines whose scratch folders were in a folder: the folders, and cgroups of their names. */
function leftOf(folder: string, name: string): readonly string[] {
  const top = '/sys/fs/cgroup'
  const cgroups = [top, ...readdirSync(top).map((hierarchy) => join(top, hierarchy))].flatMap((hierarchy) => {
    try {
      return readdirSync(hierarchy).filter((entry) => entry === name)
    } catch {
      return []
    }
  })
  return [...readdirSync(folder).filter((entry) => entry.startsWith('tsys-')), ...cgroups]
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  test(`a test that ends by ${signal} leaves nothing of the machine it has booted`, { skip }, async () => {
    await using dir = await tempDir()
    const env = { ...process.env, TMPDIR: dir.path }
    const stdio = ['pipe', 'pipe', 'inherit'] as const
    const group = spawnGroup(process.execPath, program('boots.ts'), { env, cwd: repository, stdio: [...stdio] })
    let said = ''
    group.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const name = (await until(() => /^(\S+)\n/.exec(said), { what: 'a machine to be up', within: 400_000 }))[1] ?? ''
    assert.notDeepEqual(leftOf(dir.path, name), [])
    process.kill(group.pid, signal)
    assert.equal((await group.ended).signal, signal)
    await until(() => leftOf(dir.path, name).length === 0, { what: `nothing to be left of ${name}`, within: 60_000 })
    await group.kill()
  })
}

test('a failure shows journal, error log and failing check, says how to keep its machine, and leaves nothing', {
  skip,
}, async () => {
  await using dir = await tempDir()
  const { code, stdout } = await fail(dir.path)
  assert.equal(code, 1, stdout)
  for (const shown of [/wrong as told/, /systemd\[1\]: Started site\.service/, /an error of nginx/])
    assert.match(stdout, shown)
  assert.match(stdout, /^ *fail +socket\.mode .*\n +expected .*\n +found /m)
  assert.match(stdout, /npm test -- systems --keep/)
  assert.deepEqual(leftOf(dir.path, ''), [])
})

test('a machine that is kept on request is entered and ended by the lines that the failure names', {
  skip,
}, async () => {
  await using dir = await tempDir()
  const { stdout } = await fail(dir.path, { TSICORN_TEST_KEEP: '1' })
  const [, enter = ''] = /A shell in it: (.*)/.exec(stdout) ?? []
  const [, end = ''] = /End it with: (.*)/.exec(stdout) ?? []
  const name = /(tsys-\S+)$/.exec(end)?.[1]?.toLowerCase() ?? ''
  try {
    const inside = await runProgram('sh', ['-c', enter], {
      env: process.env,
      input: 'ls /sbin/init-machine; ps -p 1 -o comm=\n',
    })
    assert.equal(inside.stdout, '/sbin/init-machine\nsystemd\n')
  } finally {
    await runProgram('sh', ['-c', end], { env: process.env })
  }
  assert.deepEqual(leftOf(dir.path, name), [])
})

function fail(folder: string, given: NodeJS.ProcessEnv = {}): Promise<ProgramResult> {
  const { NODE_TEST_CONTEXT: _, TSICORN_TEST_KEEP: __, ...env } = process.env
  const words = ['--test', '--test-reporter=spec', ...program('fails.ts')]
  return runProgram(process.execPath, words, {
    env: { ...env, TMPDIR: folder, ...given },
    cwd: repository,
    within: 400_000,
  })
}
