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
  const flags = rows
    .filter(([, row]) => !row.positional && row.only !== 'file')
    .map(([name, row]) => `--${row.default === true ? 'no-' : ''}${kebab(name)}`)
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

const typed = [
  ['tsicorn reh', 'rehearse'],
  ['tsicorn ctl relo', 'reload'],
  ['tsicorn --log-level deb', 'debug'],
  ['tsicorn serve --certf', '--certfile'],
  ['tsicorn completion fi', 'fish'],
] as const

test('fish completes commands, flags and choices', { skip: missing('fish') }, async () => {
  await using dir = await tempDir()
  const script = await dir.write('tsicorn.fish', (await spawnCli(['completion', 'fish'])).stdout)
  for (const [line, word] of typed) {
    const asked = ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script, line]
    const { stdout, stderr } = spawnSync('fish', asked, { encoding: 'utf8', timeout: 20_000 })
    assert.equal(stderr, '')
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((row) => row.split('\t')[0]),
      [word],
    )
  }
})

/** An interactive shell in a terminal of its own gets the line and a Tab; what stands there then is printed. */
const zshProgram = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -D; unsetopt beep list_beep; PS1=; print -r 'it is' 'ready'"
zpty -r shell out '*it is ready*'
zpty -w -n shell "$2"$'\\t'
zpty -r shell out "*$3*"
print -r -- "$out"
zpty -d shell
`

test('zsh completes commands, flags and choices', { skip: missing('zsh') }, async () => {
  await using dir = await tempDir()
  await dir.write('_tsicorn', (await spawnCli(['completion', 'zsh'])).stdout)
  const program = await dir.write('type.zsh', zshProgram)
  for (const [line, word] of typed) {
    const asked = ['-f', program, dir.path, line, word]
    const { status, stdout } = spawnSync('zsh', asked, { encoding: 'utf8', timeout: 20_000 })
    assert.equal(status, 0, `${line} was not completed`)
    assert.ok(stdout.includes(word), line)
  }
})

test('a shell that is not known is refused by name', async () => {
  const { code, stderr } = await spawnCli(['completion', 'tcsh'])
  assert.equal(code, 2)
  assert.match(stderr, /one of bash, zsh, fish; got "tcsh"/)
})
