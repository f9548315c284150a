import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import test from 'node:test'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { settled, until } from '../helpers/until.ts'

const writers = 4
const records = 400

/** Starts the writers on one standard error; each begins when the input that they share ends. */
const start = `
  exec 3<&0
  for order in "$@"; do "$NODE" --import tsx test/integration/programs/write-log.ts "$order" <&3 & done
  wait
`

/**
 * Lets a master and its workers log at once, some records longer than a pipe takes in one piece. Returns what arrived on a stream
 * socket, which is what `pipe` makes, as journald does.
 */
async function logTogether(stderr: 'pipe' | number, file = '-'): Promise<string> {
  const orders = Array.from({ length: writers }, (_, index) => {
    const options = { level: 'info', file, form: 'plain', base: { worker: index } }
    return JSON.stringify({ options, name: `w${index}`, records, length: 5000 })
  })
  const group = spawnGroup('sh', ['-c', start, 'sh', ...orders], {
    ...{ cwd: repository, env: cleanEnvironment({ NODE: process.execPath }), stdio: ['pipe', 'pipe', stderr] },
  })
  let said = ''
  group.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
  })
  const log = group.child.stderr === null ? Promise.resolve('') : text(group.child.stderr)
  try {
    await until(() => said.match(/waiting/g)?.length === writers, { what: 'all writers to wait' })
    group.child.stdin?.end()
    await settled(group.ended, { within: 60_000 })
    assert.equal(said.match(/done/g)?.length, writers)
    return await log
  } finally {
    await group.kill()
  }
}

const whole = /^\[[-\d]+ [:\d]+ [+-]\d{4}\] \[\d+\] \[INFO\] <(w\d) (\d+) (?:w\d)*w?(?:>| … \[cut\])$/
const report = /^\[[-\d]+ [:\d]+ [+-]\d{4}\] \[\d+\] \[WARNING\] (\d+) log lines were lost: EAGAIN/

/** Checks that every line is whole, and that those which are missing were told. */
function check(log: string, mayLose: boolean): void {
  assert.ok(log.endsWith('\n'))
  const lines = log.slice(0, -1).split('\n')
  const reports = lines.filter((line) => report.test(line))
  const broken = lines.filter((line) => !whole.test(line) && !report.test(line))
  assert.deepEqual(broken.slice(0, 3), [])
  const lost = reports.reduce((sum, line) => sum + Number(report.exec(line)?.[1]), 0)
  const kept = lines.length - reports.length
  // A reader that is behind for longer costs lines, and of the last ones it cannot be told.
  if (mayLose) assert.ok(kept + lost <= writers * records && kept > records, `${kept} lines, ${lost} told as lost`)
  else assert.equal(kept, writers * records)
}

test('lines of several processes on one pipe never mix', async () => {
  await using dir = await tempDir()
  const pipe = dir.join('pipe')
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0)
  // Open for both, so that neither end waits for the other.
  const both = openSync(pipe, constants.O_RDWR)
  const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] })
  assert.ok(reader.stdout)
  const log = text(reader.stdout)
  await once(reader, 'spawn')
  const writer = openSync(pipe, constants.O_WRONLY)
  closeSync(both)
  await logTogether(writer)
  closeSync(writer)
  check(await log, true)
})

test('lines of several processes in one file never mix, and none is lost', async () => {
  await using dir = await tempDir()
  const writer = openSync(dir.join('log'), 'a')
  await logTogether(writer)
  closeSync(writer)
  check(readFileSync(dir.join('log'), 'utf8'), false)
  await logTogether(2, dir.join('opened by each'))
  check(readFileSync(dir.join('opened by each'), 'utf8'), false)
})

test('lines of several processes on one stream socket, as journald gives to services, never mix', async () => {
  check(await logTogether('pipe'), true)
})
