import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import test from 'node:test'
import { createLogger, type Logger } from '../../src/log/logger.ts'
import { readProc } from '../../src/system/proc.ts'
import { startProgram } from '../helpers/start-program.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const isRoot = process.getuid?.() === 0
const stderr = { level: 'info', file: '-', form: 'plain', base: {} }

function openLog(file: string): Logger {
  return createLogger({ level: 'info', file, form: 'json', base: {} })
}

/** A pipe with a name: a reading end that never waits, and a way to open writing ends. */
function makePipe(dir: TempDir) {
  const path = dir.join('pipe')
  assert.equal(spawnSync('mkfifo', [path]).status, 0)
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const chunk = Buffer.alloc(65_536)
  /** What has arrived, or the empty text. */
  const read = (): string => {
    try {
      return chunk.toString('latin1', 0, readSync(reader, chunk))
    } catch {
      return ''
    }
  }
  return { path, reader, read, openWriter: () => openSync(path, constants.O_WRONLY) }
}

/** Clock ticks of CPU time a process has used (proc(5)). */
function cpuTicks(pid: number): number {
  const fields = readProc(`${pid}/stat`)?.split(') ')[1]?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}

test('a reader of stderr that goes away neither stops nor busies the server', async () => {
  await using dir = await tempDir()
  const pipe = makePipe(dir)
  const writer = pipe.openWriter()
  const order = { options: stderr, name: 'master', records: 5000, length: 100 }
  await using program = startProgram('write-log.ts', { args: [order], stderr: writer })
  await program.firstLine()
  closeSync(writer)
  closeSync(pipe.reader)
  const before = cpuTicks(program.pid)
  const ended = program.finish()
  await until(() => program.output().includes('done'), { within: 20_000 })
  const used = cpuTicks(program.pid) - before
  assert.deepEqual(await ended, { code: 0, signal: null })
  // 5,000 records are a fraction of a second of work; trying again and again would fill the whole wait.
  assert.ok(!(used > 500), `${used} ticks`)
})

test('a reader of stderr that stops reading costs lines, not the server', async () => {
  await using dir = await tempDir()
  const pipe = makePipe(dir)
  const writer = pipe.openWriter()
  const records = 1000
  const order = { options: stderr, name: 'master', records, length: 2000 }
  await using first = startProgram('write-log.ts', { args: [order], stderr: writer })
  first.finish()
  await until(() => first.output().includes('done'), { within: 30_000 })
  await first.ended
  let text = ''
  for (let more = pipe.read(); more !== ''; more = pipe.read()) text += more
  const kept = text.match(/^\[.*\[INFO\] <master \d+ [master]*>$/gm) ?? []
  const reports = text.match(/^\[.*\[WARNING\] \d+ log lines were lost: EAGAIN.*$/gm) ?? []
  assert.equal(kept.length + reports.length, text.split('\n').length - 1, 'every line is whole')
  assert.ok(kept.length > 10 && kept.length < records, `${kept.length} lines`)
  closeSync(writer)
  closeSync(pipe.reader)
})

test('lines lost to a FIFO that nobody read are counted and told when it is read again', async () => {
  await using dir = await tempDir()
  const pipe = makePipe(dir)
  const log = openLog(pipe.path)
  for (let number = 0; number < 300; number += 1) log.info({ event: 'x', number }, 'm'.repeat(1000))
  let text = ''
  for (let more = pipe.read(); more !== ''; more = pipe.read()) text += more
  const arrived = text.split('\n').length - 1
  assert.ok(arrived < 300)
  log.info({ event: 'after' }, 'again')
  const [report, after, ...rest] = pipe
    .read()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual([report?.['event'], report?.['lost'], report?.['level']], ['log.lost', 300 - arrived, 'warning'])
  assert.match(String(report?.['msg']), new RegExp(`^${300 - arrived} log lines were lost: EAGAIN`))
  assert.equal(after?.['event'], 'after')
  assert.deepEqual(rest, [])
  log.close()
  closeSync(pipe.reader)
})

test('a log file on a full device takes nothing down', () => {
  const log = openLog('/dev/full')
  for (let number = 0; number < 1000; number += 1) log.error({ event: 'x', err: new Error('boom') }, 'lost')
  log.reopen()
  log.flush()
  log.close()
})

test('what a full device swallowed is counted and told in the next file', {
  skip: !isRoot && 'needs root',
}, async (context) => {
  await using dir = await tempDir()
  const file = dir.join('error.log')
  if (spawnSync('mknod', [file, 'c', '1', '7']).status !== 0) return context.skip('no devices can be made here')
  const log = openLog(file)
  for (let number = 0; number < 7; number += 1) log.info({ event: 'x' }, 'lost')
  rmSync(file)
  log.reopen()
  log.info({ event: 'y' }, 'kept')
  const [report, kept] = readFileSync(file, 'utf8').split('\n')
  assert.match(report ?? '', /"lost":7,"reason":"ENOSPC: no space left on device"/)
  assert.match(kept ?? '', /"kept"/)
  log.close()
})

test('a full disk costs lines, and every line before and after stays whole', {
  skip: !isRoot && 'needs root',
}, async (context) => {
  await using dir = await tempDir()
  const disk = dir.join('disk')
  mkdirSync(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
  if (mounted.status !== 0) return context.skip('nothing can be mounted here')
  try {
    writeFileSync(`${disk}/ballast`, Buffer.alloc(20_000))
    const log = openLog(`${disk}/error.log`)
    for (let number = 1; number <= 1000; number += 1) log.info({ event: 'x', number }, 'm'.repeat(50))
    rmSync(`${disk}/ballast`)
    log.info({ event: 'x', number: 1001 }, 'again')
    log.close()
    checkFullDisk(readFileSync(`${disk}/error.log`, 'utf8'))
  } finally {
    spawnSync('umount', [disk])
  }
})

function checkFullDisk(text: string): void {
  const lines = text.split('\n').slice(0, -1)
  const torn = lines.filter((line) => !line.endsWith('}'))
  assert.ok(torn.length <= 1, torn.join('\n'))
  const records = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Record<string, unknown>)
  const report = records.find((record) => record['event'] === 'log.lost')
  const kept = records.filter((record) => record['event'] === 'x')
  assert.equal(kept.at(-1)?.['number'], 1001)
  assert.equal(Number(report?.['lost']) + kept.length, 1001)
  assert.ok(kept.length > 50)
}

test('what is logged after closing goes nowhere, above all not into a file opened since', async () => {
  await using dir = await tempDir()
  const log = openLog(dir.join('error.log'))
  log.close()
  const other = openSync(dir.join('other'), 'w')
  log.info({ event: 'x' }, 'too late')
  log.reopen()
  log.flush()
  log.close()
  writeSync(other, 'precious')
  closeSync(other)
  assert.equal(readFileSync(dir.join('other'), 'utf8'), 'precious')
})

test('a log whose folder is gone takes nothing down', async () => {
  await using dir = await tempDir()
  mkdirSync(dir.join('logs'))
  const log = openLog(dir.join('logs', 'error.log'))
  renameSync(dir.join('logs'), dir.join('elsewhere'))
  log.reopen()
  log.info({ event: 'x' }, 'still written')
  assert.match(readFileSync(dir.join('elsewhere', 'error.log'), 'utf8'), /log\.reopen-failed.*\n.*still written/)
  log.close()
})
