import assert from 'node:assert/strict'
import test from 'node:test'
import { noTerminal, openTerminal } from '../helpers/open-terminal.ts'
import { findApp, launcher } from '../helpers/repository.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const colour = '\u001b['

for (const [what, env, isColoured] of [
  ['in colour', {}, true],
  ['without colour where NO_COLOR is set', { NO_COLOR: '1' }, false],
] as const) {
  test(`on a terminal the log of a server is for people, ${what}`, { skip: noTerminal }, async () => {
    await using dir = await tempDir()
    const line = `'${process.execPath}' '${launcher}' serve --bind unix:${dir.join('s')} ${findApp('hello')}`
    await using terminal = openTerminal(line, env)
    await until(() => /ready: \d+ of \d+ workers serve/.test(terminal.shown()), { what: 'the server', within: 60_000 })
    const shown = terminal.shown()
    assert.doesNotMatch(shown, /"level"/)
    assert.equal(shown.includes(colour), isColoured, JSON.stringify(shown))
  })
}
