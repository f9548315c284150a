import assert from 'node:assert/strict'
import { once } from 'node:events'
import { lstatSync, mkdirSync, symlinkSync, unlinkSync } from 'node:fs'
import net from 'node:net'
import test from 'node:test'
import { Worker } from 'node:worker_threads'
import { closeListener } from '../../src/system/close-listener.ts'
import type { Listener, ListenOptions } from '../../src/system/listener.ts'
import { openListener } from '../../src/system/open-listener.ts'
import { openDescriptors } from '../../src/system/proc.ts'
import { failureOf } from '../helpers/failure-of.ts'
import { startProgram } from '../helpers/start-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const isRoot = process.getuid?.() === 0
const options: ListenOptions = { backlog: 16, mode: 0o660, owner: null }
const nobody = { uid: 65_534, gid: 65_534 }

function openUnix(path: string, other: Partial<ListenOptions> = {}): Listener {
  return openListener({ kind: 'unix', path }, { ...options, ...other })
}

test('a unix socket listens at its path with the mode asked for, and is gone when closed', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.sock')
  const umask = process.umask()
  const listener = openUnix(path)
  assert.deepEqual(listener.address, { kind: 'unix', path })
  assert.equal(listener.label, `unix:${path}`)
  assert.equal(lstatSync(path).mode & 0o7777, 0o660)
  assert.equal(process.umask(), umask)
  const client = net.connect(path)
  await once(client, 'connect')
  client.destroy()
  closeListener(listener)
  assert.equal(lstatSync(path, { throwIfNoEntry: false }), undefined)
})

test('a socket that a living process listens on is refused, naming the process', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.sock')
  await using other = startProgram('hold-listener.ts', { args: [{ address: { kind: 'unix', path }, options }] })
  await other.firstLine()
  const { code, message } = failureOf(() => openUnix(path))
  assert.equal(code, 'BIND_IN_USE')
  assert.match(message, new RegExp(`${path} is in use by pid ${other.pid} \\(node hold-listener\\.ts\\)`))
  const client = net.connect(path)
  await once(client, 'connect')
  client.destroy()
})

test('a socket whose queue is full is refused like any that someone listens on', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.sock')
  const listener = openUnix(path, { backlog: 1 })
  const clients = Array.from({ length: 4 }, () => net.connect(path).on('error', () => undefined))
  await until(() => clients.some((client) => client.destroyed), { what: 'a connection refused by the full queue' })
  assert.equal(failureOf(() => openUnix(path)).code, 'BIND_IN_USE')
  for (const client of clients) client.destroy()
  closeListener(listener)
})

test('whatever else stands at the path is left as it is', async () => {
  await using dir = await tempDir()
  const live = openUnix(dir.join('live.sock'))
  await dir.write('file', 'precious')
  mkdirSync(dir.join('folder'))
  symlinkSync(dir.join('live.sock'), dir.join('link'))
  symlinkSync(dir.join('nowhere'), dir.join('dangling'))
  const kinds = { file: 'a regular file', folder: 'a directory', link: 'a symbolic link', dangling: 'a symbolic link' }
  for (const [name, kind] of Object.entries(kinds)) {
    const before = lstatSync(dir.join(name))
    const { code, message } = failureOf(() => openUnix(dir.join(name)))
    assert.equal(code, 'BIND_NOT_A_SOCKET')
    assert.ok(message.includes(`${kind} stands there`), message)
    assert.equal(lstatSync(dir.join(name)).ino, before.ino)
  }
  closeListener(live)
})

test('a path of 108 bytes is refused in words, and one of 107 works', async () => {
  await using dir = await tempDir()
  const longest = dir.join('x'.repeat(107 - dir.path.length - 1))
  const { code, message } = failureOf(() => openUnix(`${longest}x`))
  assert.equal(code, 'BIND_REFUSED')
  assert.match(message, /the path has 108 bytes, and the system takes at most 107/)
  const listener = openUnix(longest)
  const client = net.connect(longest)
  await once(client, 'connect')
  client.destroy()
  closeListener(listener)
})

test('a path that cannot hold a socket is refused in words', async () => {
  await using dir = await tempDir()
  await dir.write('file', '')
  const cases: [string, RegExp][] = [
    ['relative.sock', /must be absolute/],
    [dir.join('missing', 'app.sock'), /the directory .*missing does not exist/],
    [dir.join('file', 'app.sock'), /is not a directory/],
    [dir.join('a\0b'), /NUL/],
  ]
  for (const [path, message] of cases) {
    const refused = failureOf(() => openUnix(path))
    assert.equal(refused.code, 'BIND_REFUSED')
    assert.match(refused.message, message)
  }
})

test('at no moment is the socket file open to more than was asked for', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.sock')
  const observer = new Worker(watch, { eval: true, workerData: { path } })
  await once(observer, 'message')
  const owner = isRoot ? nobody : null
  for (let round = 0; round < 400; round += 1) closeListener(openUnix(path, { mode: 0o640, owner }))
  observer.postMessage('enough')
  const [modes] = (await once(observer, 'message')) as [number[]]
  await observer.terminate()
  assert.deepEqual(
    modes.map((mode) => mode.toString(8)),
    ['640'],
  )
})

/** Looks at the file as often as it can, and at the end tells the modes it has seen. */
const watch = `
  const { lstatSync } = require('node:fs')
  const { parentPort, receiveMessageOnPort, workerData } = require('node:worker_threads')
  const seen = new Set()
  parentPort.postMessage('watching')
  while (!receiveMessageOnPort(parentPort)) {
    const file = lstatSync(workerData.path, { throwIfNoEntry: false })
    if (file) seen.add(file.mode & 0o7777)
  }
  parentPort.postMessage([...seen])
`

test('the socket file belongs to the owner asked for', { skip: !isRoot && 'needs root' }, async () => {
  await using dir = await tempDir()
  const listener = openUnix(dir.join('app.sock'), { owner: nobody })
  const { uid, gid, mode } = lstatSync(dir.join('app.sock'))
  assert.deepEqual([uid, gid, mode & 0o777], [nobody.uid, nobody.gid, 0o660])
  closeListener(listener)
})

test('closing removes only the socket file that was made', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.sock')
  const first = openUnix(path)
  unlinkSync(path)
  const second = openUnix(path)
  closeListener(first)
  assert.equal(lstatSync(path).ino, second.file?.inode)
  closeListener({ ...second, isOurs: false })
  assert.ok(lstatSync(path).isSocket())
})

test('a thousand sockets opened and closed leave no descriptor behind, refused ones included', async () => {
  await using dir = await tempDir()
  const live = openUnix(dir.join('live.sock'))
  const count = () => openDescriptors('self')?.size
  failureOf(() => openUnix(dir.join('live.sock')))
  const before = count()
  for (let round = 0; round < 1000; round += 1) closeListener(openUnix(dir.join('app.sock')))
  for (let round = 0; round < 50; round += 1) failureOf(() => openUnix(dir.join('live.sock')))
  assert.equal(count(), before)
  closeListener(live)
})
