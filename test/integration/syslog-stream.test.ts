import assert from 'node:assert/strict'
import { createServer, type Server as Listener, type Socket } from 'node:net'
import test from 'node:test'
import { request } from '../helpers/http-request.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** What takes a stream and keeps it, until it is told to leave. */
type Daemon = { readonly text: () => string; readonly port: number; readonly leave: () => Promise<void> }

async function listen(where: string | number): Promise<Daemon> {
  let text = ''
  const sockets = new Set<Socket>()
  const listener: Listener = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  })
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') listener.listen(where, resolve)
    else listener.listen(where, '127.0.0.1', resolve)
  })
  const address = listener.address()
  return {
    text: () => text,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    leave: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

const start = (to: string): Promise<Server> =>
  startServer({ app: 'obedient', flags: ['--log-syslog', '--log-syslog-to', to, '--log-syslog-prefix', 'shop'] })

/** Takes messages apart by the length before each (RFC 6587, 3.4.1); what is no such thing stays behind. */
function messagesIn(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  const found: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const [head = '', length = ''] = /^(\d+) /.exec(bytes.toString('latin1', at, at + 8)) ?? []
    if (head === '') return [...found, `no length: ${bytes.toString('utf8', at)}`]
    const begin = at + head.length
    at = begin + Number(length)
    found.push(bytes.toString('utf8', begin, at))
  }
  return found
}

test('a daemon on TCP that goes away is found again, and gets what came meanwhile', async () => {
  const first = await listen(0)
  await using server = await start(`tcp://127.0.0.1:${first.port}`)
  await until(() => first.text().includes('master.ready'))
  await first.leave()
  // The first line after that may be lost with the connection: the system takes it before it knows.
  for (const number of [1, 2, 3]) await request(server.target, `/away/${number}`)
  const second = await listen(first.port)
  try {
    await request(server.target, '/back')
    await until(() => second.text().includes('GET /back'))
    assert.match(second.text(), /GET \/away\/3/)
    for (const message of messagesIn(second.text()))
      assert.match(message, /^<14>1 \S+ \S+ tsicorn\.shop\.(error|access) \d+ /)
  } finally {
    await second.leave()
  }
})

test('a stream socket gets a line for each message', async () => {
  await using dir = await tempDir()
  const daemon = await listen(dir.join('log'))
  try {
    await using server = await start(`unix://${dir.join('log')}#stream`)
    await request(server.target, '/one')
    await until(() => daemon.text().includes('GET /one'))
    await server.stop()
    await until(() => daemon.text().includes('stopping gracefully'))
    for (const line of daemon.text().split('\n').slice(0, -1))
      assert.match(line, /^<14>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d tsicorn\.shop\.(error|access)\[\d+\]: ./)
  } finally {
    await daemon.leave()
  }
})

test('a server starts, serves and stops without the daemon it is told to send to', async () => {
  const gone = await listen(0)
  await gone.leave()
  await using server = await start(`tcp://127.0.0.1:${gone.port}`)
  assert.equal((await request(server.target, '/')).status, 200)
  assert.equal((await server.stop()).code, 0)
})
