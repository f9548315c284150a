import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import test from 'node:test'
import type { Address } from '../../src/contract/listeners.ts'
import { closeListener } from '../../src/system/close-listener.ts'
import type { Listener, ListenOptions } from '../../src/system/listener.ts'
import { openListener } from '../../src/system/open-listener.ts'
import { openDescriptors, readProc } from '../../src/system/proc.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const options: ListenOptions = { backlog: 16, mode: 0o660, owner: null }
const hasIpv6 = readProc('net/if_inet6')?.includes('00000000000000000000000000000001') ?? false

function openTcp(host: string, port: number): Listener & { address: Extract<Address, { kind: 'tcp' }> } {
  const listener = openListener({ kind: 'tcp', host, port }, options)
  assert.equal(listener.address.kind, 'tcp')
  return listener as ReturnType<typeof openTcp>
}

/** A plain program of Node.js that answers each connection on its descriptor 3. */
const server = `
  require('node:net').createServer((socket) => socket.end('served by ' + process.pid))
    .listen({ fd: 3 }, () => process.stdout.write('listening\\n'))
`

/** What a child that got the listener through stdio answers on it. */
async function answerThrough(listener: Listener, to: net.NetConnectOpts): Promise<string> {
  const child = spawn(process.execPath, ['-e', server], { stdio: ['ignore', 'pipe', 'inherit', listener.fd] })
  try {
    assert.ok(child.stdout)
    await once(child.stdout, 'data')
    return (await text(net.connect(to))).replace(String(child.pid), 'the child')
  } finally {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
}

test('a child that gets an IPv4 listener through stdio serves on it', async () => {
  const listener = openTcp('127.0.0.1', 0)
  assert.ok(listener.address.port > 0)
  assert.equal(listener.label, `127.0.0.1:${listener.address.port}`)
  assert.equal(await answerThrough(listener, { host: '127.0.0.1', port: listener.address.port }), 'served by the child')
  closeListener(listener)
})

test('a child that gets an IPv6 listener through stdio serves on it', {
  skip: !hasIpv6 && 'no IPv6 here',
}, async () => {
  const listener = openTcp('::1', 0)
  assert.equal(listener.label, `[::1]:${listener.address.port}`)
  assert.equal(await answerThrough(listener, { host: '::1', port: listener.address.port }), 'served by the child')
  closeListener(listener)
})

test('a child that gets a unix listener through stdio serves on it', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.sock')
  const listener = openListener({ kind: 'unix', path }, options)
  assert.equal(await answerThrough(listener, { path }), 'served by the child')
  closeListener(listener)
})

test('a connection made while no worker listens waits, and the next worker serves it', async () => {
  const listener = openTcp('127.0.0.1', 0)
  const { port } = listener.address
  assert.equal(await answerThrough(listener, { host: '127.0.0.1', port }), 'served by the child')
  const waiting = net.connect({ host: '127.0.0.1', port })
  await once(waiting, 'connect')
  const answer = text(waiting)
  await answerThrough(listener, { host: '127.0.0.1', port })
  assert.match(await answer, /^served by \d+$/)
  closeListener(listener)
})

test('a listener is not passed on to programs it was not given to', async () => {
  const listener = openTcp('127.0.0.1', 0)
  const target = openDescriptors('self')?.get(listener.fd)
  assert.ok(target)
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'inherit'] })
  await once(child, 'spawn')
  assert.ok(![...(openDescriptors(child.pid ?? 0)?.values() ?? [target])].includes(target))
  child.stdin?.end()
  await once(child, 'exit')
  closeListener(listener)
})
