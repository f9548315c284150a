import assert from 'node:assert/strict'
import { once } from 'node:events'
import { closeSync, lstatSync } from 'node:fs'
import net from 'node:net'
import test from 'node:test'
import { openListeners } from '../../src/arbiter/open-listeners.ts'
import { Failure } from '../../src/contract/errors.ts'
import { closeListener } from '../../src/system/close-listener.ts'
import { letPass, unseenHolder } from '../../src/system/holder.ts'
import { libc } from '../../src/system/libc.ts'
import type { ListenOptions } from '../../src/system/listener.ts'
import { family, socketType } from '../../src/system/numbers.ts'
import { openListener } from '../../src/system/open-listener.ts'
import { encodeIp } from '../../src/system/socket-address.ts'
import { failureOf } from '../helpers/failure-of.ts'
import { freePort } from '../helpers/free-port.ts'
import { startProgram } from '../helpers/start-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const options: ListenOptions = { backlog: 16, mode: 0o660, owner: null }

test('the left-over of a killed process is replaced', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.sock')
  const order = { address: { kind: 'unix', path }, options, abandon: true }
  await using other = startProgram('hold-listener.ts', { args: [order] })
  assert.equal((await other.ended).signal, 'SIGKILL')
  const before = lstatSync(path)
  assert.ok(before.isSocket())
  const listener = openListener({ kind: 'unix', path }, options)
  const client = net.connect(path)
  await once(client, 'connect')
  client.destroy()
  closeListener(listener)
})

test('of two masters that start at once on a left-over none robs the other of its socket', async () => {
  await using dir = await tempDir()
  const args = [dir.join('app.sock')]
  await using one = startProgram('contend.ts', { args })
  await using two = startProgram('contend.ts', { args })
  await Promise.all([one.firstLine(), two.firstLine()])
  await Promise.all([one.finish(), two.finish()])
  const results = [one, two].map((program) => JSON.parse(program.output().replace('waiting\n', '')) as Contest)
  assert.ok(results.every(({ opened }) => opened > 0))
  assert.deepEqual(
    results.map(({ robbed }) => robbed),
    [0, 0],
    JSON.stringify(results),
  )
})

test('an address that somebody else has is tried once, and one that is about to be free until it is', async () => {
  await using dir = await tempDir()
  for (const address of [
    { kind: 'unix', path: dir.join('app.sock') },
    { kind: 'tcp', host: '127.0.0.1', port: await freePort() },
  ] as const) {
    await using other = startProgram('hold-listener.ts', { args: [{ address, options }] })
    await other.firstLine()
    const failure = failureOf(() => openListener(address, options))
    assert.equal(await triesUntil(failure), 1)
    await other.finish()
  }
  const passing = new Failure('BIND_IN_USE', 'held by a worker of a killed master', { mayPass: true })
  assert.equal(await triesUntil(passing), 3)
})

test('an address that nobody can be seen to have is tried until whoever was ending has let go of it', async () => {
  const port = await freePort()
  const address = { kind: 'tcp', host: '127.0.0.1', port } as const
  // Bound without listening, it is in no list of those who listen, as when the socket is just being closed.
  const ending = libc().socket(family.ipv4, socketType.stream)
  libc().bind(ending, encodeIp('127.0.0.1', port) ?? new Uint8Array())
  let tries = 0
  const draft = { take: () => {}, giveUp: () => {} }
  await openListeners(async () => {
    tries += 1
    if (tries === 3) closeSync(ending)
    closeListener(openListener(address, options))
    return draft
  })
  assert.equal(tries, 3)
})

test('a socket that no process is seen to have may be free in a moment when its user would be seen', () => {
  const own = process.getuid?.() ?? 0
  assert.equal(letPass(unseenHolder(own)), true)
  assert.equal(letPass(unseenHolder(own + 1)), own === 0)
})

/** How often an address is tried of which the first two times this is said. */
async function triesUntil(failure: Failure): Promise<number> {
  let tries = 0
  const prepare = async () => {
    tries += 1
    if (tries <= 2) throw failure
    return { take: () => {}, giveUp: () => {} }
  }
  await openListeners(prepare).catch((error: unknown) => assert.equal(error, failure))
  return tries
}

type Contest = { readonly opened: number; readonly robbed: number; readonly refused: number }
