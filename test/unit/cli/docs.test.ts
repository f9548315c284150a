import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { generatedPages } from '../../../src/cli/docs/generated-pages.ts'
import { composeSettingsPage } from '../../../src/cli/docs/settings-page.ts'
import { runProgram } from '../../../src/cli/program.ts'
import { Failure } from '../../../src/contract/errors.ts'
import { exitCodes } from '../../../src/contract/exit-codes.ts'
import { kebab } from '../../../src/settings/names.ts'
import { serverTable } from '../../../src/settings/server-table.ts'
import type { Setting, SettingsTable } from '../../../src/settings/setting.ts'
import { repository } from '../../helpers/repository.ts'
import { createScreen } from './screen.ts'

const folder = join(repository, 'templates', 'docs')
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'))

async function say(...args: readonly string[]): Promise<string> {
  const { context, out } = createScreen()
  assert.equal(await runProgram(args, context), exitCodes.ok)
  return out()
}

test('docs prints a page as it stands in the package', async () => {
  assert.equal(await say('docs', 'frameworks'), readFileSync(join(folder, 'frameworks.md'), 'utf8'))
})

test('docs lists every page with its heading', async () => {
  const list = await say('docs')
  for (const page of pages) {
    const [heading = ''] = readFileSync(join(folder, page), 'utf8').split('\n')
    assert.match(heading, /^# \S/)
    assert.match(list, new RegExp(`^  ${page.replace('.md', '')} +${heading.slice(2)}$`, 'm'))
  }
})

test('the pages that are made from tables say what the tables say', () => {
  for (const [topic, compose] of Object.entries(generatedPages))
    assert.equal(readFileSync(join(folder, `${topic}.md`), 'utf8'), compose(), 'npm run generate')
})

test('the page of settings tells of every setting, its flag and its variable', () => {
  const page = composeSettingsPage()
  for (const [name, row] of Object.entries<Setting<unknown, unknown>>(serverTable as SettingsTable)) {
    assert.match(page, new RegExp(`^### ${name}$`, 'm'))
    if (row.only === undefined && !row.positional) assert.ok(page.includes(`--${kebab(name)}`), name)
  }
})

test('a topic that does not exist is answered with the one that was meant, or with all', async () => {
  const refusal = (topic: string) =>
    runProgram(['docs', topic], createScreen().context).then(
      () => assert.fail('accepted'),
      (error: unknown) => (error instanceof Failure ? error : assert.fail('no Failure')),
    )
  assert.equal((await refusal('framework')).message, 'there is no topic "framework"; did you mean frameworks?')
  const { message, fix, exit } = await refusal('../../package')
  assert.equal(message, 'there is no topic "../../package"')
  assert.match(fix ?? '', /frameworks/)
  assert.equal(exit, exitCodes.usage)
})
