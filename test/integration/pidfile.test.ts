import assert from 'node:assert/strict'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import test from 'node:test'
import { claimPidfile } from '../../src/system/pidfile.ts'
import { openDescriptors, startedAt } from '../../src/system/proc.ts'
import { readPidfile } from '../../src/system/running-master.ts'
import { failureOf } from '../helpers/failure-of.ts'
import { type Program, startProgram } from '../helpers/start-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'

async function claim(path: string, title = ''): Promise<Program & { readonly answer: Record<string, unknown> }> {
  const program = startProgram('claim-pidfile.ts', { args: [path, title] })
  return Object.assign(program, { answer: JSON.parse(await program.firstLine()) as Record<string, unknown> })
}

test('the pid file holds the pid and a line end, is readable to all, and goes with the server', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  const umask = process.umask(0o077)
  const pidfile = claimPidfile(path, process.pid)
  process.umask(umask)
  assert.equal(readFileSync(path, 'utf8'), `${process.pid}\n`)
  assert.equal(lstatSync(path).mode & 0o7777, 0o644)
  assert.deepEqual(readdirSync(dir.path), ['app.pid'])
  assert.equal(readPidfile(path), process.pid)
  pidfile.release()
  assert.deepEqual(readdirSync(dir.path), [])
})

test('a second server with the same pid file is refused, naming the first', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  await using first = await claim(path)
  const { code, message, fix } = failureOf(() => claimPidfile(path, process.pid))
  assert.equal(code, 'ALREADY_RUNNING')
  assert.equal(message, `the pid file "${path}" belongs to a running master, pid ${first.pid}`)
  assert.match(fix ?? '', new RegExp(`kill ${first.pid}`))
  assert.equal(readPidfile(path), first.pid)
  await first.finish()
  claimPidfile(path, process.pid).release()
})

test('of two servers that start at once one gets the pid file', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  const [one, two] = await Promise.all([claim(path), claim(path)])
  await using first = one
  await using second = two
  const winners = [first, second].filter(({ answer }) => answer['claimed'])
  assert.deepEqual(
    winners.map(({ pid }) => pid),
    [readPidfile(path)],
  )
})

test('the pid file of a killed server is replaced', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  await using first = await claim(path)
  process.kill(first.pid, 'SIGKILL')
  await first.ended
  assert.equal(readPidfile(path), first.pid)
  claimPidfile(path, process.pid).release()
})

test('a pid file whose pid now belongs to another program is replaced, and that program left alone', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  await using other = startProgram('entitled.ts', { args: ['editor of tsicorn.js'] })
  await other.firstLine()
  writeFileSync(path, `${other.pid}\n`)
  claimPidfile(path, process.pid).release()
  assert.deepEqual(await other.finish(), { code: 0, signal: null })
})

test('a pid file whose pid now belongs to a master that started later is replaced', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  await using other = startProgram('entitled.ts', { args: ['tsicorn: master [other]'] })
  await other.firstLine()
  writeFileSync(path, `${other.pid}\n`)
  const hourBefore = ((startedAt(other.pid) ?? 0) - 3_600_000) / 1000
  utimesSync(path, hourBefore, hourBefore)
  claimPidfile(path, process.pid).release()
})

test('a pid file that names a living master is respected even when nobody holds its lock', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  await using other = startProgram('entitled.ts', { args: ['tsicorn: master [other]'] })
  await other.firstLine()
  writeFileSync(path, `${other.pid}\n`)
  assert.equal(failureOf(() => claimPidfile(path, process.pid)).code, 'ALREADY_RUNNING')
  assert.equal(readFileSync(path, 'utf8'), `${other.pid}\n`)
})

test('the pid of a worker is not that of a master', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  await using other = startProgram('entitled.ts', { args: ['tsicorn: worker [other]'] })
  await other.firstLine()
  writeFileSync(path, `${other.pid}\n`)
  claimPidfile(path, process.pid).release()
})

test('a pid file of nonsense, of nothing, or with our own pid is left over', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  for (const content of ['', 'nonsense\n', '-1\n', '99999999999999999999\n', '0\n', `${process.pid}\n`]) {
    writeFileSync(path, content)
    claimPidfile(path, process.pid).release()
  }
})

test('no link is followed, neither at the path nor at the name used before', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  const precious = await dir.write('precious', 'precious')
  symlinkSync(precious, `${path}.${process.pid}.new`)
  claimPidfile(path, process.pid).release()
  symlinkSync(precious, path)
  const { code, message } = failureOf(() => claimPidfile(path, process.pid))
  assert.equal(code, 'CONFIG_INVALID')
  assert.match(message, /it is a symbolic link/)
  assert.equal(readlinkSync(path), precious)
  assert.equal(readFileSync(precious, 'utf8'), 'precious')
})

test('a place where no pid file can be is refused in words, and leaves nothing behind', async () => {
  await using dir = await tempDir()
  mkdirSync(dir.join('folder'))
  assert.match(failureOf(() => claimPidfile(dir.join('missing', 'app.pid'), 1)).message, /its directory does not exist/)
  assert.match(failureOf(() => claimPidfile(dir.join('folder'), 1)).message, /no regular file/)
  assert.deepEqual(readdirSync(dir.path), ['folder'])
})

test('a pid file that another server took over is not removed', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.pid')
  const old = claimPidfile(path, process.pid)
  const heir = claimPidfile(`${path}.2`, process.pid + 1).moveTo(path)
  old.release()
  assert.equal(readPidfile(path), process.pid + 1)
  heir.release()
  assert.deepEqual(readdirSync(dir.path), [])
})

test('pid files leave no descriptor behind, refused ones included', async () => {
  await using dir = await tempDir()
  await using first = await claim(dir.join('taken.pid'))
  assert.equal(first.answer['claimed'], true)
  const before = openDescriptors('self')?.size
  for (let round = 0; round < 100; round += 1) {
    claimPidfile(dir.join('app.pid'), process.pid).release()
    failureOf(() => claimPidfile(dir.join('taken.pid'), process.pid))
  }
  assert.equal(openDescriptors('self')?.size, before)
})
