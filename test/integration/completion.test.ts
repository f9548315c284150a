import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { test } from 'node:test'
import { ctlWords } from '../../src/cli/ctl/commands.ts'
import { kebab } from '../../src/settings/names.ts'
import { serverTable } from '../../src/settings/server-table.ts'
import type { SettingsTable } from '../../src/settings/setting.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const missing = (shell: string): string | false =>
  spawnSync(shell, ['--version']).status !== 0 && `needs the shell ${shell}`

/** What bash offers for the last of the words. */
async function complete(...words: readonly string[]): Promise<readonly string[]> {
  await using dir = await tempDir()
  await dir.write('tls cert.pem', '')
  mkdirSync(dir.join('releases'))
  const script = await dir.write('.completion', (await spawnCli(['completion', 'bash'])).stdout)
  const line = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tsicorn; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', line, script, 'tsicorn', ...words], {
    ...{ cwd: dir.path, encoding: 'utf8', timeout: 20_000 },
  })
  assert.equal(stderr, '')
  return stdout.split('\n').filter((word) => word !== '')
}

test('bash completes commands, flags, choices, files and directories', { skip: missing('bash') }, async () => {
  assert.deepEqual(await complete('reh'), ['rehearse'])
  assert.deepEqual(await complete('ctl', 're'), ['reload', 'reopen'])
  assert.deepEqual(await complete('ctl', ''), ctlWords)
  assert.deepEqual(await complete('--log-level', 'd'), ['debug'])
  assert.deepEqual(await complete('serve', '--header-map', ''), ['drop', 'refuse', 'dangerous'])
  assert.deepEqual(await complete('--certfile', 'tls'), ['tls cert.pem'])
  assert.deepEqual(await complete('serve', '--chdir', ''), ['releases'])
  assert.deepEqual(await complete('serve', '--workers', ''), ['auto'])
  assert.deepEqual(await complete('serve', '--timeout', ''), [])
  assert.deepEqual(await complete('completion', 'z'), ['zsh'])
  assert.ok((await complete('init', '--')).includes('--max-body'))
})

test('bash knows every flag of serve', { skip: missing('bash') }, async () => {
  const rows = Object.entries<SettingsTable[string]>(serverTable)
  const flags = rows.filter(([, row]) => !row.positional && row.only !== 'file').map(([name]) => `--${kebab(name)}`)
  const known = await complete('serve', '--')
  assert.deepEqual(
    flags.filter((flag) => !known.includes(flag)),
    [],
  )
})

test('bash has the function registered for the command', { skip: missing('bash') }, async () => {
  const { stdout: script } = await spawnCli(['completion', 'bash'])
  const { stdout } = spawnSync('bash', ['--norc', '-c', `${script}\ncomplete -p tsicorn`], { encoding: 'utf8' })
  assert.equal(stdout.trim(), 'complete -F _tsicorn tsicorn')
})

for (const shell of ['zsh', 'fish']) {
  test(`${shell} can read its script`, { skip: missing(shell) }, async () => {
    await using dir = await tempDir()
    const file = await dir.write('script', (await spawnCli(['completion', shell])).stdout)
    const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' })
    assert.deepEqual([status, stderr], [0, ''])
  })

  test(`the script for ${shell} names every command and flag`, async () => {
    const { stdout } = await spawnCli(['completion', shell])
    for (const word of ['serve', 'init', 'rehearse', 'deploy', 'ctl', 'docs', 'log-level', 'status-path', 'max-body'])
      assert.match(stdout, new RegExp(`\\b${word}\\b`))
  })
}

test('a shell that is not known is refused by name', async () => {
  const { code, stderr } = await spawnCli(['completion', 'tcsh'])
  assert.equal(code, 2)
  assert.match(stderr, /one of bash, zsh, fish; got "tcsh"/)
})
