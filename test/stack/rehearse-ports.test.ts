import assert from 'node:assert/strict'
import { type AddressInfo, createServer } from 'node:net'
import test from 'node:test'
import { tempDir } from '../helpers/temp-dir.ts'
import { guestbookSite } from './rehearsal.ts'
import { typeRehearse, writeProject } from './rehearse-cli.ts'

/** Listens on a port that is then taken; leaving scope lets it go. */
async function takePort(host: string): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) }
}

for (const host of ['127.0.0.1', '0.0.0.0', '::1']) {
  test(`a port that is taken on ${host} is named with its holder, and another one offered as a command`, async () => {
    await using dir = await tempDir()
    await using taken = await takePort(host)
    const project = await writeProject(dir, guestbookSite())
    await using session = await typeRehearse([project], { flags: ['--once', '--https-port', String(taken.port)] })
    assert.equal((await session.ended()).code, 2, session.screen())
    const holder = `port ${taken.port} is in use by \\S.* \\(pid ${process.pid}\\)`
    assert.match(session.screen(), new RegExp(holder))
    const offer = new RegExp(`tsicorn rehearse ${project} --once --http-port \\d+ --https-port (\\d+)`).exec(
      session.screen(),
    )
    assert.ok(Number(offer?.[1]) > taken.port, session.screen())
    assert.deepEqual(await session.traces(), [])
  })
}

test('the command that is offered works', async () => {
  await using dir = await tempDir()
  await using taken = await takePort('127.0.0.1')
  const project = await writeProject(dir, guestbookSite())
  await using first = await typeRehearse([project], { flags: ['--once', '--https-port', String(taken.port)] })
  await first.ended()
  const [, flags = '', offered = ''] = /^tsicorn rehearse \S+ (.*--https-port (\d+))$/m.exec(first.screen()) ?? []
  await using second = await typeRehearse([project], { flags: flags.split(' ') })
  assert.equal((await second.ended()).code, 0, second.screen())
  assert.match(second.screen(), new RegExp(`https://localhost:${offered}/`))
})

test('under npm start, the command is npm start', async () => {
  await using dir = await tempDir()
  await using taken = await takePort('127.0.0.1')
  const project = await writeProject(dir, guestbookSite())
  const env = { npm_lifecycle_event: 'start' }
  await using session = await typeRehearse([project], { flags: ['--http-port', String(taken.port)], env })
  assert.equal((await session.ended()).code, 2, session.screen())
  assert.match(session.screen(), /^npm start -- --http-port \d+ --https-port \d+$/m)
})

test('on a terminal the next free port is offered, and taken after a yes', async () => {
  await using dir = await tempDir()
  await using taken = await takePort('127.0.0.1')
  const project = await writeProject(dir, guestbookSite())
  const flags = ['--once', '--https-port', String(taken.port)]
  await using session = await typeRehearse([project], { flags, terminal: [] })
  const [, offer] = await session.shows(/Take (\d+) instead\?/)
  session.type('y\r')
  await session.shows(/15 passed/)
  await session.shows(new RegExp(`https://localhost:${offer}/`))
  assert.equal((await session.ended()).code, 0, session.screen())
})

test('on a terminal a no is respected, and the command said', async () => {
  await using dir = await tempDir()
  await using taken = await takePort('127.0.0.1')
  const project = await writeProject(dir, guestbookSite())
  await using session = await typeRehearse([project], { flags: ['--https-port', String(taken.port)], terminal: [] })
  await session.shows(/instead\?/)
  session.type('n\r')
  await session.shows(/tsicorn rehearse .* --https-port \d+/)
  assert.equal((await session.ended()).code, 2, session.screen())
})
