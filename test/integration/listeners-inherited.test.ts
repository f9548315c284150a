import assert from 'node:assert/strict'
import { closeSync } from 'node:fs'
import test from 'node:test'
import { closeListener } from '../../src/system/close-listener.ts'
import { libc } from '../../src/system/libc.ts'
import type { ListenOptions } from '../../src/system/listener.ts'
import { family, socketType } from '../../src/system/numbers.ts'
import { openListener } from '../../src/system/open-listener.ts'
import { encodeUnix } from '../../src/system/socket-address.ts'
import { startProgram } from '../helpers/start-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const options: ListenOptions = { backlog: 16, mode: 0o660, owner: null }

type Report = {
  readonly listeners?: readonly { readonly fd: number; readonly name: string; readonly label: string }[]
  readonly code?: string
  readonly message?: string
  readonly passedOn?: number
}

/** What a program finds that starts with these descriptors from 3 on. */
async function inherit(descriptors: readonly number[], names?: string): Promise<Report> {
  await using program = startProgram('inherit.ts', { descriptors, args: [String(descriptors.length), names ?? ''] })
  return JSON.parse(await program.firstLine()) as Report
}

test('sockets handed over by a supervisor are taken with names and addresses, in their order', async () => {
  await using dir = await tempDir()
  const tcp = openListener({ kind: 'tcp', host: '127.0.0.1', port: 0 }, options)
  const one = openListener({ kind: 'unix', path: dir.join('1.sock') }, options)
  const two = openListener({ kind: 'unix', path: dir.join('2.sock') }, options)
  const { listeners, passedOn } = await inherit([tcp.fd, one.fd, two.fd], 'web:app:app')
  assert.deepEqual(
    listeners?.map(({ fd, name, label }) => [fd, name, label]),
    [
      [3, 'web', tcp.label],
      [4, 'app', one.label],
      [5, 'app', two.label],
    ],
  )
  assert.equal(passedOn, 0)
  for (const listener of [tcp, one, two]) closeListener(listener)
})

test('sockets without names are taken too', async () => {
  const tcp = openListener({ kind: 'tcp', host: '127.0.0.1', port: 0 }, options)
  const { listeners } = await inherit([tcp.fd])
  assert.deepEqual(
    listeners?.map(({ name, label }) => [name, label]),
    [['', tcp.label]],
  )
  closeListener(tcp)
})

test('an abstract socket is named with an @', async () => {
  const name = `@tsicorn-test-${process.pid}-${performance.now()}`
  const fd = libc().socket(family.unix, socketType.stream)
  libc().bind(fd, encodeUnix(name))
  libc().listen(fd, 1)
  const { listeners } = await inherit([fd])
  assert.deepEqual(
    listeners?.map(({ label }) => label),
    [`unix:${name}`],
  )
  closeSync(fd)
})

test('a descriptor that is no listening socket is refused by its number', async () => {
  const tcp = openListener({ kind: 'tcp', host: '127.0.0.1', port: 0 }, options)
  const socket = libc().socket(family.ipv4, socketType.stream)
  const refused = await inherit([tcp.fd, socket])
  assert.equal(refused.code, 'BIND_REFUSED')
  assert.equal(refused.message, 'descriptor 4 of LISTEN_FDS is a socket that does not listen')
  const datagrams = libc().socket(family.ipv4, socketType.datagram)
  assert.match((await inherit([datagrams])).message ?? '', /descriptor 3 of LISTEN_FDS is no stream socket/)
  for (const fd of [socket, datagrams]) closeSync(fd)
  closeListener(tcp)
})
