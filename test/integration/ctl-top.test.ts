import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { noTerminal, openTerminal } from '../helpers/open-terminal.ts'
import { childPids } from '../helpers/process-group.ts'
import { launcher } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { settled, until } from '../helpers/until.ts'

const [enter, leave] = ['\u001b[?1049h', '\u001b[?1049l']
const skip = noTerminal

async function watched() {
  const server = await startServer({ app: 'hello', flags: ['-w', '2', '--control-socket', 'c.sock', '-n', 'shop'] })
  return { server, socket: server.dir.join('c.sock'), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const line = (socket: string, before = '') =>
  `${before}'${process.execPath}' '${launcher}' ctl top --interval 100ms --control-socket '${socket}'`

/** The frames that were drawn, each as its lines. */
const frames = (shown: string): readonly (readonly string[])[] =>
  shown
    .split('\u001b[H')
    .slice(1)
    .map((text) => text.split('\r\n').map((row) => stripVTControlCharacters(row)))

test('ctl top shows the workers again and again, fits a window that changes its size, and leaves by q', {
  skip,
}, async () => {
  await using place = await watched()
  await using terminal = openTerminal(`stty rows 24 cols 140; stty -a; ${line(place.socket)}; stty -a`)
  await until(() => frames(terminal.shown()).length >= 3)
  assert.ok(terminal.shown().includes(enter))
  const last = frames(terminal.shown()).at(-1)?.join('\n') ?? ''
  assert.match(last, /tsicorn shop .*requests\/s/)
  for (const pid of place.server.workers()) assert.match(last, new RegExp(`\\b${pid}\\b`))
  await terminal.resize({ rows: 5, columns: 30 })
  await until(() =>
    frames(terminal.shown())
      .at(-1)
      ?.every((row) => row.length <= 30),
  )
  assert.ok((frames(terminal.shown()).at(-1)?.length ?? 0) <= 5)
  await terminal.resize({ rows: 24, columns: 140 })
  terminal.type('q')
  assert.equal((await settled(terminal.ended)).code, 0)
  const [before = '', after = ''] = terminal.shown().split(enter)
  assert.ok(after.includes(leave), 'the screen of before is back')
  assert.ok(after.includes('\u001b[?25h'), 'the cursor is back')
  const state = (text: string) => /;\s+line = .*/s.exec(text)?.[0].split('\u001b')[0]?.trim()
  assert.equal(state(after.slice(after.indexOf(leave))), state(before), 'keys are read as before')
})

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
  test(`ctl top gives the terminal back when it is ended by ${signal}`, { skip }, async () => {
    await using place = await watched()
    await using terminal = openTerminal(line(place.socket, 'exec '))
    await until(() => frames(terminal.shown()).length >= 1)
    process.kill(await terminal.program(), signal)
    assert.ok(((await settled(terminal.ended)).code ?? 0) > 128)
    assert.ok(terminal.shown().endsWith(leave))
  })
}

test('ctl top goes on when the server goes, and says so', { skip }, async () => {
  await using place = await watched()
  await using terminal = openTerminal(line(place.socket, 'exec '))
  await until(() => frames(terminal.shown()).length >= 1)
  await place.server.stop()
  await until(() => frames(terminal.shown()).at(-1)?.[0]?.startsWith('cannot ask the master'))
  terminal.type('\u0003')
  assert.equal((await settled(terminal.ended)).code, 0)
  assert.deepEqual(childPids(place.server.pid), [])
})

test('ctl top into a pipe is one plain table, and without a server an error that leaves the screen alone', async () => {
  await using place = await watched()
  const once = await spawnCli(['ctl', 'top', '--control-socket', place.socket])
  assert.equal(once.code, 0)
  assert.equal(stripVTControlCharacters(once.stdout), once.stdout)
  assert.match(once.stdout, /^worker +slot +pid/m)
  assert.equal(once.stdout.match(/^tsicorn shop/gm)?.length, 1)
  const none = await spawnCli(['ctl', 'top', '--control-socket', `${place.socket}.none`])
  assert.equal(none.code, 1)
  assert.match(none.stderr, /there is no such socket/)
})
