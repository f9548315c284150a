import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { type Ended, spawnGroup } from '../helpers/process-group.ts'
import { launcher } from '../helpers/repository.ts'
import type { TempDir } from '../helpers/temp-dir.ts'
import { settled, until } from '../helpers/until.ts'
import { project, snapshot } from './init-project.ts'

type Terminal = AsyncDisposable & {
  /** Waits for a text on the screen after what was seen before, and types. */
  readonly reply: (question: string, keys: string) => Promise<void>
  readonly screen: () => string
  readonly ended: Promise<Ended>
}

const enter = '\r'
const down = '\u001b[B'
const interrupt = '\u0003'

/** init on a pseudo-terminal, as script(1) makes one. */
function openTerminal(dir: TempDir, flags = ''): Terminal {
  const command = `'${process.execPath}' '${launcher}' init ${flags}`
  const env = cleanEnvironment({ TERM: 'xterm', COLUMNS: '100', NO_COLOR: '1' })
  const args = ['--quiet', '--return', '--command', command, '/dev/null']
  const group = spawnGroup('script', args, { cwd: dir.path, env, stdio: ['pipe', 'pipe', 'inherit'] })
  let [text, seen] = ['', 0]
  group.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const screen = () => stripVTControlCharacters(text)
  return {
    screen,
    ended: group.ended,
    reply: async (question, keys) => {
      const at = await until(() => screen().indexOf(question, seen) + 1, { what: `"${question}" on:\n${screen()}` })
      seen = at + question.length
      group.child.stdin?.write(keys)
    },
    [Symbol.asyncDispose]: group.kill,
  }
}

test('a person answers, is told of a slip at once, and gets the bundle', async () => {
  await using dir = await project()
  await using terminal = openTerminal(dir)
  await terminal.reply('Name of the site', `!${enter}`)
  await terminal.reply('not of that shape', `\u0015typed${enter}`)
  await terminal.reply('Domain', `typed.test${enter}`)
  await terminal.reply('Application', enter)
  await terminal.reply('Certificate', `${down}${enter}`)
  await terminal.reply('What stands in front', enter)
  await terminal.reply('Worker processes', `<${enter}`)
  await terminal.reply('What stands in front', enter)
  await terminal.reply('Worker processes', `?${enter}`)
  await terminal.reply('How many copies of', '')
  await terminal.reply('Worker processes', `3${enter}`)
  await terminal.reply('Files that nginx', enter)
  await terminal.reply('This will be written:', '')
  await terminal.reply('deploy/RUNBOOK.md', '')
  await terminal.reply('Write these files', enter)
  assert.equal((await settled(terminal.ended)).code, 0, terminal.screen())
  assert.match(terminal.screen(), /written +deploy\/RUNBOOK\.md/)
  const { name, domain, app, user, workers } = JSON.parse(readFileSync(dir.join('deploy/site.json'), 'utf8'))
  assert.deepEqual([name, domain, app, user, workers], ['typed', ['typed.test'], './server.js', 'typed', 3])
})

for (const question of ['Name of the site', 'Certificate', 'Files that nginx', 'Write these files']) {
  test(`Ctrl-C at "${question}" writes nothing`, async () => {
    await using dir = await project()
    const before = snapshot(dir.path)
    await using terminal = openTerminal(dir)
    const questions = [
      'Name of',
      'Domain',
      'Application',
      'Certificate',
      'What stands',
      'Worker',
      'Files that',
      'Write these',
    ]
    for (const one of questions) {
      const isLast = question.startsWith(one)
      await terminal.reply(one, isLast ? interrupt : enter)
      if (isLast) break
    }
    const { code } = await settled(terminal.ended)
    assert.equal(code, 130, terminal.screen())
    assert.match(terminal.screen(), /Nothing was written\./)
    assert.doesNotMatch(terminal.screen(), /\bat .*:\d+:\d+|Error/)
    assert.deepEqual(snapshot(dir.path), before)
  })
}

test('a flag that cannot be used is refused before the first question', async () => {
  await using dir = await project()
  await using terminal = openTerminal(dir, '--workers 0')
  assert.equal((await settled(terminal.ended)).code, 2, terminal.screen())
  assert.match(terminal.screen(), /--workers/)
  assert.doesNotMatch(terminal.screen(), /Name of the site/)
  assert.equal(existsSync(dir.join('deploy')), false)
})

test('before the first question stands what was found by looking, and how the conversation works', async () => {
  await using dir = await project()
  await using terminal = openTerminal(dir)
  await terminal.reply('Name of the site', interrupt)
  await settled(terminal.ended)
  for (const word of ['@acme/Web_Shop', process.versions.node, 'nginx', 'OpenSSL', 'GiB of memory', '< goes back']) {
    assert.ok(terminal.screen().includes(word), `${word} in:\n${terminal.screen()}`)
  }
})

test('who sees the plan and says no writes nothing; who says back is asked again', async () => {
  await using dir = await project()
  const before = snapshot(dir.path)
  await using terminal = openTerminal(dir)
  for (const one of ['Name of', 'Domain', 'Application', 'Certificate', 'What stands', 'Worker', 'Files that']) {
    await terminal.reply(one, enter)
  }
  await terminal.reply('Write these', `${down}${down}${enter}`)
  await terminal.reply('Files that nginx', enter)
  await terminal.reply('Write these', `${down}${enter}`)
  assert.equal((await settled(terminal.ended)).code, 130, terminal.screen())
  assert.match(terminal.screen(), /Nothing was written\./)
  assert.deepEqual(snapshot(dir.path), before)
})
