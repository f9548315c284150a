import assert from 'node:assert/strict'
import net from 'node:net'
import test from 'node:test'
import { closeListener } from '../../src/system/close-listener.ts'
import { libc } from '../../src/system/libc.ts'
import type { Listener } from '../../src/system/listener.ts'
import { openListener } from '../../src/system/open-listener.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { until } from '../helpers/until.ts'

function openTcp(host: string): Listener {
  return openListener({ kind: 'tcp', host, port: 0 }, { backlog: 16, mode: 0o660, owner: null })
}

/** What becomes of one who came before the master closed a listener that a worker has open still, and one who came after. */
async function comeBeforeAndAfter(listener: Listener, isOurs: boolean): Promise<readonly string[]> {
  const port = listener.address.kind === 'tcp' ? listener.address.port : 0
  const inWorker = libc().duplicate(listener.fd)
  await using before = await rawSocket({ port })
  closeListener({ ...listener, isOurs })
  const after = net.connect(port, '127.0.0.1')
  let end = ''
  after.on('connect', () => {
    end = 'accepted'
  })
  after.on('error', (error: NodeJS.ErrnoException) => {
    end = error.code ?? 'failed'
  })
  const worker = net.createServer((socket) => socket.end('served'))
  worker.listen({ fd: inWorker })
  assert.equal(await before.closed(), 'served')
  worker.close()
  await until(() => end !== '', { what: 'the one who came after to hear something' })
  after.destroy()
  return ['served', end]
}

test('after a TCP listener is closed nobody joins its queue, and who is in it is served', async () => {
  assert.deepEqual(await comeBeforeAndAfter(openTcp('127.0.0.1'), true), ['served', 'ECONNREFUSED'])
})

test('a TCP listener that somebody else serves on takes newcomers when our part of it is closed', async () => {
  assert.deepEqual(await comeBeforeAndAfter(openTcp('127.0.0.1'), false), ['served', 'accepted'])
})
