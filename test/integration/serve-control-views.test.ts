import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, unlinkSync } from 'node:fs'
import { test } from 'node:test'
import type { ConfigView, ListenerView, StatsView, StatusView, WorkerView } from '../../src/contract/control.ts'
import { request } from '../helpers/http-request.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { supervise } from '../helpers/supervise.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const page = 'export default (request, response) => response.end("page")'

type Answer<View> = { readonly ok: boolean; readonly view: View }

/** A server with a config file and releases behind a link, and how to ask it from its folder. */
async function controlled(flags: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const dir = await tempDir()
  for (const [release, version] of [
    ['40', '1.0.0'],
    ['41', '1.1.0'],
  ] as const) {
    mkdirSync(dir.join('releases', release), { recursive: true })
    await dir.write(`releases/${release}/package.json`, JSON.stringify({ version }))
    await dir.write(`releases/${release}/app.mjs`, page)
  }
  symlinkSync('releases/40', dir.join('current'))
  const config = {
    ...{ chdir: './current', app: './app.mjs', workers: 2, drainIdle: 0.2, env: ['SECRET_OF_THE_DAY=swordfish'] },
    ...{ bind: `unix:${dir.join('{slot}.sock')}`, controlSocket: '../control.sock' },
  }
  await dir.write('tsicorn.config.json', JSON.stringify(config))
  const server = await startServer({ bind: 'none', cwd: dir.path, flags, env })
  const ctl = (...words: string[]) => spawnCli(['ctl', ...words], { cwd: dir.path })
  const look = async <View>(command: string): Promise<View> =>
    (JSON.parse((await ctl(command, '--json')).stdout) as Answer<View>).view
  const release = async () => {
    await server[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  }
  return { server, dir, ctl, look, socket: dir.join('control.sock'), [Symbol.asyncDispose]: release }
}

test('ctl status tells which release each worker has loaded, through the link that leads to it', async () => {
  await using place = await controlled()
  const releases = async () =>
    (await place.look<StatusView>('status')).workers
      .filter(({ state }) => state === 'ready')
      .map(({ release }) => [release?.directory, release?.version])
  const old = [place.dir.join('releases', '40'), '1.0.0']
  assert.deepEqual(await releases(), [old, old])
  unlinkSync(place.dir.join('current'))
  symlinkSync('releases/41', place.dir.join('current'))
  assert.equal((await place.ctl('reload')).code, 0)
  const fresh = [place.dir.join('releases', '41'), '1.1.0']
  assert.deepEqual(await releases(), [fresh, fresh])
  assert.match((await place.ctl('status')).stdout, /\b41 v1\.1\.0/)
})

test('ctl workers tells how old, busy and late each worker is', async () => {
  await using place = await controlled()
  const workers = await until(async () => {
    const view = await place.look<readonly WorkerView[]>('workers')
    return view.every(({ loopDelayMs }) => loopDelayMs !== null) ? view : null
  })
  for (const worker of workers) {
    assert.ok(worker.ageSeconds >= worker.seconds)
    assert.ok(worker.rssBytes > 10e6)
    assert.ok(worker.loopUtilisation !== null && worker.loopUtilisation >= 0 && worker.loopUtilisation <= 1)
  }
  assert.match((await place.ctl('workers')).stdout, /^worker +slot +pid +state +age +requests .* release$/m)
})

test('ctl stats adds up what all workers have done, those that are gone too', async () => {
  await using place = await controlled()
  const ask = () => request({ socketPath: place.dir.join('1.sock') }, '/')
  for (let asked = 0; asked < 5; asked += 1) await ask()
  await until(async () => (await place.look<StatsView>('stats')).requests === 5)
  assert.equal((await place.ctl('reload')).code, 0)
  for (let asked = 0; asked < 3; asked += 1) await ask()
  const view = await until(async () => {
    const stats = await place.look<StatsView>('stats')
    return stats.requests === 8 && (stats.exits['replaced'] ?? 0) === 2 ? stats : null
  })
  assert.deepEqual([view.workersStarted, view.reloads], [4, { succeeded: 1, failed: 0 }])
  await place.dir.write('releases/40/app.mjs', 'throw new Error("broken on purpose")')
  place.server.claimLog(/broken on purpose/)
  assert.equal((await place.ctl('reload')).code, 1)
  assert.deepEqual((await place.look<StatsView>('stats')).reloads, { succeeded: 1, failed: 1 })
  assert.match((await place.ctl('stats')).stdout, /1 done, 1 failed/)
})

test('ctl config tells where each value comes from, after a reload too, and keeps secrets', async () => {
  await using place = await controlled(['--timeout', '20'], { TSICORN_GRACEFUL_TIMEOUT: '7' })
  const origins = async () => {
    const view = await place.look<ConfigView>('config')
    return ['workers', 'timeout', 'gracefulTimeout', 'keepAlive'].map((name) => [view[name]?.value, view[name]?.layer])
  }
  const seen = [
    ['2', 'file'],
    ['20s', 'flags'],
    ['7s', 'environment'],
    ['75s', 'default'],
  ]
  assert.deepEqual(await origins(), seen)
  assert.equal((await place.ctl('reload')).code, 0)
  assert.deepEqual(await origins(), seen)
  const { stdout } = await place.ctl('config')
  assert.match(stdout, /^gracefulTimeout += 7s +# from environment: TSICORN_GRACEFUL_TIMEOUT$/m)
  assert.doesNotMatch(stdout + (await place.ctl('config', '--json')).stdout, /swordfish/)
})

test('ctl listeners tells how many connections wait, and how many may', async () => {
  await using place = await controlled(['--backlog', '100'])
  const view = await place.look<readonly ListenerView[]>('listeners')
  assert.deepEqual(
    view.map(({ slot, backlog, queue }) => [slot, backlog, queue]),
    [
      [1, 100, 0],
      [2, 100, 0],
    ],
  )
  assert.match((await place.ctl('listeners')).stdout, /2\.sock +2 +0 +100$/m)
})

test('the service manager and ctl status are told the same', async () => {
  await using dir = await tempDir()
  using manager = supervise(dir.join('notify'))
  await using place = await controlled([], { NOTIFY_SOCKET: dir.join('notify') })
  const told = () =>
    manager
      .heard()
      .flatMap((text) => /^STATUS=(.*)$/m.exec(text)?.[1] ?? [])
      .at(-1)
  assert.equal((await place.look<StatusView>('status')).status, told())
  assert.equal((await place.ctl('reload')).code, 0)
  await until(async () => (await place.look<StatusView>('status')).status === told())
  assert.match(told() ?? '', /^2 of 2 workers serve; reloaded: 2 workers replaced/)
})

test('ctl finds the server by the config file of the folder, and else says where it looked', async () => {
  await using place = await controlled()
  await using elsewhere = await tempDir()
  assert.equal((await place.ctl('status')).code, 0)
  const byVariable = await spawnCli(['ctl', 'status'], {
    cwd: elsewhere.path,
    env: { TSICORN_CONTROL_SOCKET: place.socket },
  })
  assert.equal(byVariable.code, 0)
  const lost = await spawnCli(['ctl', 'status'], { cwd: elsewhere.path })
  assert.equal(lost.code, 2)
  assert.match(lost.stderr, /--control-socket, --name and TSICORN_CONTROL_SOCKET .*no tsicorn\.config file in/)
  await elsewhere.write('tsicorn.config.json', '{"workers": 2}')
  assert.match((await spawnCli(['ctl', 'status'], { cwd: elsewhere.path })).stderr, /sets no controlSocket/)
  const named = await spawnCli(['ctl', 'status', '--name', 'no-such-service'], { cwd: elsewhere.path })
  assert.equal(named.code, 1)
  assert.match(named.stderr, /\/run\/no-such-service\/control\.sock: there is no such socket/)
  assert.equal((await spawnCli(['ctl', 'status', '--name', '../x'], { cwd: elsewhere.path })).code, 2)
})

test('another user is kept out by the mode of the control socket', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root to become somebody else')
  await using place = await controlled()
  chmodSync(place.dir.path, 0o755)
  const program = `require('net').connect(${JSON.stringify(place.socket)}).on('error', (error) => console.log(error.code))`
  const identity = ['--reuid=65534', '--regid=65534', '--clear-groups']
  const { stdout } = spawnSync('setpriv', [...identity, process.execPath, '-e', program], {
    ...{ encoding: 'utf8', timeout: 20_000 },
  })
  assert.equal(stdout.trim(), 'EACCES')
})
