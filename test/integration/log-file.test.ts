import assert from 'node:assert/strict'
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import test from 'node:test'
import { createLogger, type Logger, type LoggerOptions } from '../../src/log/logger.ts'
import { openDescriptors } from '../../src/system/proc.ts'
import { failureOf } from '../helpers/failure-of.ts'
import { tempDir } from '../helpers/temp-dir.ts'

function openLog(file: string, options: Partial<LoggerOptions> = {}): Logger {
  return createLogger({ level: 'info', file, form: 'json', base: { worker: 3 }, ...options })
}

function records(file: string): readonly Record<string, unknown>[] {
  const text = readFileSync(file, 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('a record carries level, time, pid, the fields of the process and its own', async () => {
  await using dir = await tempDir()
  const log = openLog(dir.join('error.log'))
  log.warning({ event: 'worker.exited', code: 3, err: new TypeError('boom') }, 'worker 3 is gone')
  log.debug({ event: 'detail' }, 'not asked for')
  log.close()
  const [record, ...others] = records(dir.join('error.log'))
  assert.deepEqual(others, [])
  const { time, err, ...rest } = record ?? {}
  assert.deepEqual(rest, {
    ...{ level: 'warning', pid: process.pid, worker: 3, event: 'worker.exited', code: 3, msg: 'worker 3 is gone' },
  })
  assert.ok(Math.abs(Date.now() - Date.parse(String(time))) < 3_600_000)
  const { type, message, stack } = err as Record<string, string>
  assert.deepEqual([type, message], ['TypeError', 'boom'])
  assert.match(stack ?? '', /log-file\.test\.ts/)
})

test('the log file is created for owner and group only, and is added to', async () => {
  await using dir = await tempDir()
  const file = await dir.write('error.log', 'before\n')
  const umask = process.umask(0)
  for (const path of [file, dir.join('new.log')]) {
    const log = openLog(path)
    log.info({ event: 'x' }, 'after')
    log.close()
  }
  process.umask(umask)
  assert.match(readFileSync(file, 'utf8'), /^before\n\{.*after.*\}\n$/)
  assert.equal(lstatSync(dir.join('new.log')).mode & 0o7777, 0o640)
})

test('rotation by rename and reopen loses no line, and the new lines are in a new file', async () => {
  await using dir = await tempDir()
  const file = dir.join('error.log')
  const log = openLog(file)
  const before = openDescriptors('self')?.size
  const inodes = new Set<number>()
  const rounds = 50
  for (let round = 0; round < rounds; round += 1) {
    log.info({ event: 'x', number: 3 * round }, 'one')
    inodes.add(lstatSync(file).ino)
    renameSync(file, `${file}.${round}`)
    log.info({ event: 'x', number: 3 * round + 1 }, 'while rotated')
    log.reopen()
    log.info({ event: 'x', number: 3 * round + 2 }, 'another')
  }
  log.flush()
  const files = [...Array.from({ length: rounds }, (_, round) => `${file}.${round}`), file]
  const numbers = files.flatMap((name) => records(name).map((record) => record['number']))
  assert.deepEqual(
    numbers,
    Array.from({ length: 3 * rounds }, (_, number) => number),
  )
  assert.equal(inodes.size, rounds)
  assert.equal(openDescriptors('self')?.size, before)
  log.close()
})

test('a link at the path of the log is not followed, at the start or after rotation (CVE-2016-1247)', async () => {
  await using dir = await tempDir()
  const precious = await dir.write('precious', 'precious')
  const file = dir.join('error.log')
  symlinkSync(precious, file)
  const { code, message, fix } = failureOf(() => openLog(file))
  assert.equal(code, 'CONFIG_INVALID')
  assert.equal(message, `cannot open the log file "${file}": it is a symbolic link, and links are not followed there`)
  assert.match(fix ?? '', /stderr/)

  rmSync(file)
  const log = openLog(file)
  renameSync(file, `${file}.1`)
  symlinkSync(precious, file)
  log.reopen()
  log.info({ event: 'x' }, 'still here')
  assert.equal(readFileSync(precious, 'utf8'), 'precious')
  assert.deepEqual(
    records(`${file}.1`).map((record) => [record['level'], record['event']]),
    [
      ['error', 'log.reopen-failed'],
      ['info', 'x'],
    ],
  )
  rmSync(file)
  log.reopen()
  log.info({ event: 'x' }, 'in the new file')
  assert.deepEqual(
    records(file).map((record) => record['msg']),
    ['in the new file'],
  )
  log.close()
})

test('what cannot be a log file is refused in words', async () => {
  await using dir = await tempDir()
  mkdirSync(dir.join('folder'))
  assert.match(failureOf(() => openLog(dir.join('missing', 'error.log'))).message, /its directory does not exist/)
  assert.match(failureOf(() => openLog(dir.join('folder'))).message, /it is a directory/)
  assert.match(failureOf(() => openLog('/dev/stderr')).message, /symbolic link/)
})

test('every level is heard from its own on', async () => {
  await using dir = await tempDir()
  const names = ['debug', 'info', 'warning', 'error', 'critical'] as const
  for (const [index, level] of names.entries()) {
    const file = dir.join(level)
    const log = openLog(file, { level })
    for (const name of names) log[name]({ event: 'x' }, 'm')
    log.close()
    assert.deepEqual(
      records(file).map((record) => record['level']),
      names.slice(index),
    )
  }
})

test('a record that cannot be serialized is said without what is in the way', async () => {
  await using dir = await tempDir()
  const log = openLog(dir.join('error.log'))
  const circle: Record<string, unknown> = { event: 'circle' }
  circle['self'] = circle
  const hostile = [
    circle,
    { event: 'bigint', big: 10n },
    {
      event: 'getter',
      get bad(): string {
        throw new Error('no')
      },
    },
    {
      event: 'json',
      bad: {
        toJSON() {
          throw new Error('no')
        },
      },
    },
    {
      event: 'error',
      err: new Proxy(new Error('x'), {
        get() {
          throw new Error('no')
        },
      }),
    },
  ] as const
  for (const fields of hostile) log.error(fields as { event: string }, `about ${fields['event']}`)
  log.close()
  const said = records(dir.join('error.log')).map((record) => record['msg'])
  assert.deepEqual(said, ['about circle', 'about bigint', 'about getter', 'about json', 'about error'])
})

test('a master and its workers write lines that look the same', async () => {
  await using dir = await tempDir()
  for (const [index, base] of [{}, { worker: 1 }].entries()) {
    const log = openLog(dir.join(`log${index}`), { form: 'plain', base })
    log.info({ event: 'x', more: { than: 'this' } }, 'hello')
    log.close()
    assert.match(
      readFileSync(dir.join(`log${index}`), 'utf8'),
      new RegExp(
        `^\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\\] \\[${process.pid}\\] \\[INFO\\] hello\n$`,
      ),
    )
  }
})
