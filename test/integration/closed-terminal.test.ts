import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { viewProcess } from '../../src/system/proc.ts'
import { request } from '../helpers/http-request.ts'
import { noTerminal, openTerminal } from '../helpers/open-terminal.ts'
import { childPids, isAlive } from '../helpers/process-group.ts'
import { findApp, launcher } from '../helpers/repository.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const skip = noTerminal

/** A server on a terminal, its log in a file, and the terminal closed as its window would be: by whoever holds the other end. */
async function closeTerminalOf(dir: TempDir, before: string, behind = '') {
  const [socket, log] = [dir.join('s'), dir.join('log')]
  const flags = `--bind unix:${socket} --error-logfile ${log} --log-level debug --graceful-timeout 5 --drain-idle 0.2`
  const terminal = openTerminal(
    `${before} '${process.execPath}' '${launcher}' serve ${flags} ${findApp('obedient')} ${behind}`,
  )
  const told = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  const program = await terminal.program()
  await until(() => told().includes('master.ready'), { what: 'the server', within: 60_000 })
  const master = Number(/master pid (\d+)/.exec(told())?.[1])
  const holder = viewProcess(program)?.parent
  assert.ok(holder)
  process.kill(holder, 'SIGKILL')
  await until(() => !isAlive(holder))
  return { terminal, told, master, target: { socketPath: socket } }
}

test('a server in the foreground of a terminal that is closed stops gracefully, and leaves nothing behind', {
  skip,
}, async () => {
  await using dir = await tempDir()
  const place = await closeTerminalOf(dir, "(trap '' HUP;", `; echo $? > ${dir.join('status')}); true`)
  await using _terminal = place.terminal
  const { told, master } = place
  const workers = childPids(master)
  await until(() => !isAlive(master), { what: 'the end of the server' })
  assert.match(told(), /stopping gracefully: its terminal was closed/)
  assert.ok(workers.every((pid) => !isAlive(pid)))
  assert.equal(
    await until(() => existsSync(dir.join('status')) && readFileSync(dir.join('status'), 'utf8').trim()),
    '0',
  )
  assert.doesNotMatch(told(), /SIGABRT|SIGSEGV|status [^0]/)
  assert.ok(!existsSync(dir.join('s')))
})

test('under nohup the server lives on, and HUP is a reload', { skip }, async () => {
  await using dir = await tempDir()
  const place = await closeTerminalOf(dir, 'exec nohup', '> /dev/null 2>&1')
  await using _terminal = place.terminal
  try {
    await until(() => place.told().includes('reload.done'), { what: 'the reload', within: 60_000 })
    assert.equal((await request(place.target, '/')).status, 200)
  } finally {
    process.kill(place.master, 'SIGTERM')
    await until(() => !isAlive(place.master))
  }
})
