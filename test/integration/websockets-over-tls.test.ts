import assert from 'node:assert/strict'
import { test } from 'node:test'
import WebSocket from 'ws'
import { makeCertificate } from '../helpers/certificates.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { settled } from '../helpers/until.ts'

for (const protocols of ['h1', 'h2,h1']) {
  test(`a WebSocket over TLS where ${protocols} is spoken is taken over, answered, and told that its worker leaves`, async () => {
    await using dir = await tempDir()
    const { certfile, keyfile } = await makeCertificate(dir, 'site')
    const flags = ['--certfile', certfile, '--keyfile', keyfile, '--http-protocols', protocols]
    await using server = await startServer({ app: 'websockets:server', bind: 'tcp', flags })
    const socket = new WebSocket(`wss://127.0.0.1:${server.port}/`, { rejectUnauthorized: false })
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await settled(new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject)))
    const answer = new Promise((resolve) => socket.once('message', (message) => resolve(String(message))))
    socket.send('hello')
    assert.equal(await settled(answer), 'hello')
    const large = new Promise((resolve) => socket.once('message', (message) => resolve(String(message).length)))
    socket.send('x'.repeat(1_000_000))
    assert.equal(await settled(large), 1_000_000)
    assert.equal((await server.stop()).code, 0)
    assert.equal(await settled(closed), 1001)
  })
}
