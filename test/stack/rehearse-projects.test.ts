import assert from 'node:assert/strict'
import test from 'node:test'
import { ask } from '../../src/deploy/client.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { guestbookSite } from './rehearsal.ts'
import { typeRehearse, writeProject } from './rehearse-cli.ts'

const refusals: readonly (readonly [words: string, spoil: (dir: TempDir) => Promise<unknown>, said: RegExp])[] = [
  ['is no JSON', (dir) => dir.write('deploy/site.json', '{ "name": '), /site\.json:1:\d+: expected/],
  ['has an unknown answer', (dir) => dir.write('deploy/site.json', '{ "domian": ["a.example"] }'), /domian.*domain/],
  [
    'has an answer that no file can carry',
    (dir) => dir.write('deploy/site.json', '{ "domain": ["a.example;return 301 /"] }'),
    /domain.*";"/,
  ],
]

for (const [words, spoil, said] of refusals) {
  test(`a bundle whose site.json ${words} is refused before anything is started`, async () => {
    await using dir = await tempDir()
    await writeProject(dir, guestbookSite())
    await spoil(dir)
    await using session = await typeRehearse([dir.path], { flags: ['--once', '--json'] })
    assert.equal((await session.ended()).code, 2, session.screen())
    assert.match(session.screen(), said)
    assert.equal(session.stdout(), '')
    assert.doesNotMatch(session.screen(), /\n\s+at /)
    assert.deepEqual(await session.traces(), [])
  })
}

test('a project that is not there is said to be missing', async () => {
  await using session = await typeRehearse(['/nowhere/at/all'], { flags: ['--once'] })
  assert.equal((await session.ended()).code, 2)
  assert.match(session.screen(), /\/nowhere\/at\/all/)
})

const showsEnvironment = `import http from 'node:http'
http.createServer((_, response) => response.end(JSON.stringify(process.env))).listen(3000)
`

test('the application has the environment of its service: the file beside the bundle, and nothing of the shell', async () => {
  await using dir = await tempDir()
  await dir.write('app.mjs', showsEnvironment)
  const site = guestbookSite({ app: './app.mjs', workingDirectory: dir.path, static: [], healthPath: null })
  await writeProject(dir, site)
  await dir.write('deploy/etc/guestbook/env', '# secrets\nGREETING="hello world"\n')
  await using session = await typeRehearse([dir.path], { env: { SHELL_ONLY: '1', PORT: '9' } })
  const [, port] = await session.shows(/Up at https:\/\/localhost:(\d+)\//)
  const door = { host: '127.0.0.1', port: Number(port), encrypted: true, name: 'localhost' }
  const environment = JSON.parse((await ask(door, { path: '/' })).body)
  assert.equal(environment.GREETING, 'hello world')
  assert.equal(environment.NODE_ENV, 'production')
  assert.ok(environment.STATE_DIRECTORY.startsWith(session.scratch.path))
  assert.deepEqual([environment.SHELL_ONLY, environment.PORT], [undefined, undefined])
  session.signal('SIGINT')
  await session.ended()
})
