import assert from 'node:assert/strict'
import test from 'node:test'
import { settleServerConfig } from '../../src/cli/server-config.ts'
import { Failure } from '../../src/contract/errors.ts'
import { describeOrigin } from '../../src/settings/resolve.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { createScreen } from '../unit/cli/screen.ts'

type Situation = {
  readonly cwd: string
  readonly flags?: Record<string, unknown>
  readonly env?: Record<string, string>
  readonly earlierFile?: string
}

async function settle({ cwd, flags = {}, env = {}, earlierFile }: Situation) {
  const { context } = createScreen({ cwd, env })
  return settleServerConfig({ flags, context, asRoot: false, earlierFile: earlierFile ?? null })
}

async function complaint(situation: Situation): Promise<string> {
  const failure = await settle(situation).then(
    () => assert.fail('accepted'),
    (error: unknown) => error,
  )
  assert.ok(failure instanceof Failure, String(failure))
  return failure.message
}

test('a config file in the working directory is found, and said to be', async () => {
  await using dir = await tempDir()
  const path = await dir.write('tsicorn.config.json', '{"workers": 3}')
  const { config, provenance } = await settle({ cwd: dir.path })
  assert.deepEqual([config.workers, config.config], [3, path])
  assert.deepEqual(provenance.config && describeOrigin(provenance.config), 'the working directory')
})

test('--config names another file, TSICORN_CMD_ARGS and TSICORN_CONFIG can do so too, in this order', async () => {
  await using dir = await tempDir()
  for (const [index, name] of ['tsicorn.config.json', 'a.json', 'b.json', 'c.json'].entries()) {
    await dir.write(name, `{"workers": ${index + 1}}`)
  }
  const places: Omit<Situation, 'cwd'> = { env: { TSICORN_CONFIG: 'a.json' } }
  const args = { ...places.env, TSICORN_CMD_ARGS: '-c b.json' }
  const workers = async (situation: Omit<Situation, 'cwd'>) =>
    (await settle({ cwd: dir.path, ...situation })).config.workers
  assert.equal(await workers({}), 1)
  assert.equal(await workers(places), 2)
  assert.equal(await workers({ env: args }), 3)
  assert.equal(await workers({ env: args, flags: { config: ['c.json'] } }), 4)
})

test('chdir comes first: the config file is looked for there, and relative paths are taken from there', async () => {
  await using dir = await tempDir()
  const found = await dir.write('site/tsicorn.config.json', '{"pid": "run/x.pid", "errorLogfile": "-"}')
  const { config } = await settle({
    cwd: dir.path,
    flags: { chdir: ['site'], certfile: ['c.pem'], keyfile: ['/k.pem'] },
  })
  assert.deepEqual(
    [config.config, config.chdir, config.pid, config.certfile, config.keyfile, config.errorLogfile],
    [found, dir.join('site'), dir.join('site/run/x.pid'), dir.join('site/c.pem'), '/k.pem', '-'],
  )
  assert.equal((await settle({ cwd: dir.path, env: { TSICORN_CHDIR: 'site' } })).config.config, found)
})

test('a chdir in the config file moves the other paths, but not the search for the file', async () => {
  await using dir = await tempDir()
  await dir.write('site/tsicorn.config.json', '{"workers": 9}')
  await dir.write('tsicorn.config.json', '{"chdir": "site", "pid": "x.pid"}')
  const { config } = await settle({ cwd: dir.path })
  assert.deepEqual([config.workers, config.chdir, config.pid], [1, dir.join('site'), dir.join('site/x.pid')])
})

test('the application on the command line wins over the one elsewhere', async () => {
  await using dir = await tempDir()
  await dir.write('tsicorn.config.json', '{"app": "./file.js"}')
  assert.equal((await settle({ cwd: dir.path })).config.app, './file.js')
  const env = { TSICORN_CMD_ARGS: './args.js', TSICORN_APP: './environment.js' }
  assert.equal((await settle({ cwd: dir.path, env })).config.app, './args.js')
  assert.equal((await settle({ cwd: dir.path, env, flags: { app: ['./typed.js'] } })).config.app, './typed.js')
})

test('a file that cannot be read, flags that make no sense and a directory that is missing are said together', async () => {
  await using dir = await tempDir()
  const lines = (
    await complaint({
      cwd: dir.path,
      flags: { config: ['nothing.json'], chdir: ['gone'], workers: ['0'] },
      env: { TSICORN_TIMEOUT: 'x', TSICORN_CMD_ARGS: '--wrkers 3' },
    })
  ).split('\n')
  const expected = [
    /^5 things are wrong:$/,
    /^TSICORN_CMD_ARGS: unknown option '--wrkers'; did you mean --workers\?$/,
    /^command line: --chdir: expected a directory, got nothing at .*\/gone$/,
    /^config file .*\/gone\/nothing\.json: expected a readable file, got no such file$/,
    /^environment: TSICORN_TIMEOUT: expected seconds/,
    /^command line: --workers: expected a whole number/,
  ]
  assert.equal(lines.length, expected.length, lines.join('\n'))
  for (const [index, line] of lines.entries()) assert.match(line, expected[index] ?? /^$/)
})

test('a line in TSICORN_CMD_ARGS with an open quote is refused', async () => {
  await using dir = await tempDir()
  assert.match(await complaint({ cwd: dir.path, env: { TSICORN_CMD_ARGS: "-n 'x" } }), /a quote that is not closed$/)
})

test('a config file that is gone when the server reloads is an error: its settings must not become defaults', async () => {
  await using dir = await tempDir()
  const path = dir.join('tsicorn.config.json')
  assert.match(await complaint({ cwd: dir.path, earlierFile: path }), /tsicorn\.config\.json: .*got no such file/)
})

test('a settled config is frozen', async () => {
  await using dir = await tempDir()
  const { config } = await settle({ cwd: dir.path })
  assert.throws(() => Object.assign(config, { workers: 2 }), TypeError)
})
