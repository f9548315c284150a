import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { guestbook, guestbookSite } from './rehearsal.ts'
import { type Session, typeRehearse, writeProject } from './rehearse-cli.ts'

const up = /Up at \S+ until Ctrl-C/

/** The end is told by the shell before the last process has left /proc. */
const leavesNothing = (session: Session) =>
  until(async () => ((await session.traces()).length === 0 ? true : null), {
    what: `nothing of it to be left\n${session.screen()}`,
  })

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
  test(`${signal} ends a stack that is up, quietly and without a trace`, async () => {
    await using dir = await tempDir()
    await using session = await typeRehearse([await writeProject(dir, guestbookSite())])
    await session.shows(up)
    assert.notDeepEqual(await session.traces(), [])
    session.signal(signal)
    assert.deepEqual(await session.ended(), { code: 0, signal: null }, session.screen())
    assert.deepEqual(await session.traces(), [])
  })
}

test('a second Ctrl-C, as npm sends it, changes nothing', async () => {
  await using dir = await tempDir()
  await using session = await typeRehearse([await writeProject(dir, guestbookSite())])
  await session.shows(up)
  session.signal('SIGINT')
  session.signal('SIGINT')
  assert.equal((await session.ended()).code, 0, session.screen())
  assert.deepEqual(await session.traces(), [])
})

test('killed with -9 it cannot clear up itself, and yet nothing is left', async () => {
  await using dir = await tempDir()
  await using session = await typeRehearse([await writeProject(dir, guestbookSite())])
  await session.shows(up)
  session.signal('SIGKILL')
  await session.ended()
  await leavesNothing(session)
})

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`${signal} in the middle of the start leaves nothing`, async () => {
    await using dir = await tempDir()
    // An application that never answers its health path: the start does not come to an end.
    await dir.write('app.mjs', 'import http from "node:http"\nhttp.createServer(() => {}).listen(3000)\n')
    const site = guestbookSite({ app: './app.mjs', workingDirectory: dir.path, static: [] })
    await using session = await typeRehearse([await writeProject(dir, site)])
    const hasServer = (traces: readonly string[]) =>
      traces.some((trace) => /tsicorn: (?:master|worker)|worker\/main/.test(trace))
    await until(async () => hasServer(await session.traces()), { what: 'the server to be starting' })
    session.signal(signal)
    const { code } = await session.ended()
    if (signal === 'SIGINT') assert.equal(code, 130, session.screen())
    await leavesNothing(session)
  })
}

for (const before of ['nginx.syntax', 'body.limit']) {
  test(`Ctrl-C in the middle of the checks, after ${before}, leaves nothing`, async () => {
    await using dir = await tempDir()
    await using session = await typeRehearse([await writeProject(dir, guestbookSite())], { flags: ['--once'] })
    await session.shows(new RegExp(before))
    session.signal('SIGINT')
    assert.equal((await session.ended()).code, 130, session.screen())
    assert.deepEqual(await session.traces(), [])
  })
}

for (const [words, before] of [
  ['a closed terminal', []],
  ['a closed terminal that sends no HUP, because it is that of another session', ['setsid', '--wait']],
] as const) {
  test(`${words} ends everything`, async () => {
    await using dir = await tempDir()
    const project = await writeProject(dir, guestbookSite())
    await using session = await typeRehearse([project], { terminal: before })
    await session.shows(up)
    session.signal('SIGKILL')
    await leavesNothing(session)
  })
}

test('a worker that does not let go is ended all the same', async () => {
  await using dir = await tempDir()
  const blocking = `import { existsSync, writeFileSync } from 'node:fs'
    process.on('SIGINT', () => {}).on('SIGTERM', () => {})
    await import('${guestbook}/app.js')
    setInterval(() => {
      if (!existsSync('block')) return
      writeFileSync('blocked', '')
      for (;;);
    }, 20)`
  await dir.write('app.mjs', blocking)
  const site = guestbookSite({ app: './app.mjs', workingDirectory: dir.path, static: [] })
  await using session = await typeRehearse([await writeProject(dir, site)])
  await session.shows(up)
  await dir.write('block', '')
  await until(() => existsSync(dir.join('blocked')))
  session.signal('SIGINT')
  await session.ended()
  assert.deepEqual(await session.traces(), [])
})

test('an nginx that dies is reported, and the rest is ended', async () => {
  await using dir = await tempDir()
  await using session = await typeRehearse([await writeProject(dir, guestbookSite())])
  await session.shows(up)
  const [, pid] = await session.shows(/nginx [\d.]+ +pid (\d+)/)
  process.kill(Number(pid), 'SIGKILL')
  assert.equal((await session.ended()).code, 2, session.screen())
  assert.match(session.screen(), new RegExp(`nginx \\(pid ${pid}\\) was ended by SIGKILL by itself`))
  assert.deepEqual(await session.traces(), [])
})

test('a server that dies is reported with the last it said', async () => {
  await using dir = await tempDir()
  await using session = await typeRehearse([await writeProject(dir, guestbookSite())])
  await session.shows(up)
  const [, pid] = await session.shows(/tsicorn, 2 workers +pid (\d+)/)
  process.kill(Number(pid), 'SIGKILL')
  assert.equal((await session.ended()).code, 2, session.screen())
  assert.match(session.screen(), /tsicorn \(pid \d+\) was ended by SIGKILL by itself\. Its last lines:\n +\S/)
  await leavesNothing(session)
})

test('an application that does not load is said to be the reason, with its own words', async () => {
  await using dir = await tempDir()
  await dir.write('app.mjs', 'throw new Error("no database here")\n')
  const site = guestbookSite({ app: './app.mjs', workingDirectory: dir.path, static: [] })
  await using session = await typeRehearse([await writeProject(dir, site)], { flags: ['--once', '--json'] })
  assert.equal((await session.ended()).code, 2, session.screen())
  assert.match(session.screen(), /no database here/)
  assert.equal(session.stdout(), '')
  assert.deepEqual(await session.traces(), [])
})
