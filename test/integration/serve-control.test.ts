import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { ControlAnswer, StatusView } from '../../src/contract/control.ts'
import { request } from '../helpers/http-request.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('ctl status tells what runs, for people and for machines', async () => {
  await using place = await controlled()
  const words = await place.ctl('status')
  assert.equal(words.code, 0)
  assert.match(words.stdout, /running/)
  for (const pid of place.server.workers()) assert.match(words.stdout, new RegExp(`\\b${pid}\\b`))
  const view = await place.status()
  assert.equal(view.pid, place.server.pid)
  assert.deepEqual(
    view.workers.map((worker) => worker.pid),
    place.server.workers(),
  )
})

test('ctl reload returns when the new workers serve, and with status 1 when the old ones had to stay', async () => {
  await using place = await controlled()
  const before = place.server.workers()
  assert.equal((await place.ctl('reload')).code, 0)
  assert.ok(
    (await place.status()).workers.every((worker) => worker.state !== 'ready' || !before.includes(worker.pid ?? 0)),
  )
  writeFileSync(place.app, 'throw new Error("release 3 is broken")')
  place.server.claimLog(/release 3 is broken/)
  const { code, stderr } = await place.ctl('reload')
  assert.equal(code, 1)
  assert.match(stderr, /release 3 is broken/)
  assert.match((await place.status()).lastReload ?? '', /release 3 is broken/)
  assert.equal((await request(place.server.target, '/')).status, 200)
})

test('two reloads asked for at once are both answered', async () => {
  await using place = await controlled()
  const results = await Promise.all([place.ctl('reload'), place.ctl('reload'), place.ctl('reload')])
  assert.deepEqual(
    results.map((result) => result.code),
    [0, 0, 0],
  )
})

test('ctl scale, kill, listeners, config and shutdown do what they say', async () => {
  await using place = await controlled(['-e', 'SECRET_OF_THE_DAY=swordfish'])
  assert.equal((await place.ctl('scale', '3')).code, 0)
  await until(() => place.server.workers().length === 3)
  const [victim] = place.server.workers()
  assert.equal((await place.ctl('kill', String(victim))).code, 0)
  await until(() => !place.server.workers().includes(victim ?? 0))
  assert.equal((await place.ctl('kill', '1')).code, 1)
  assert.equal((await place.ctl('kill', String(process.pid))).code, 1)
  assert.match((await place.ctl('listeners')).stdout, new RegExp(place.server.socketPath))
  const config = (await place.ctl('config')).stdout
  assert.match(config, /gracefulTimeout += +30/)
  assert.doesNotMatch(config, /swordfish/)
  assert.equal((await place.ctl('shutdown')).code, 0)
  assert.equal((await place.server.ended).code, 0)
  assert.equal((await place.ctl('status')).code, 1)
})

test('ctl reopen has the log file opened anew after a rotation', async () => {
  await using dir = await tempDir()
  const log = dir.join('access.log')
  await using place = await controlled(['--access-logfile', log, '--access-logformat', '%(U)s'])
  await request(place.server.target, '/before')
  await until(() => existsSync(log) && readFileSync(log, 'utf8') === '/before\n')
  renameSync(log, `${log}.1`)
  assert.equal((await place.ctl('reopen')).code, 0)
  await until(() => existsSync(log), { what: 'the new file' })
})

test('the control socket is for its owner alone', async (t) => {
  await using place = await controlled()
  assert.equal(statSync(place.socket).mode & 0o777, 0o600)
  if (process.getuid?.() !== 0) return t.skip('needs root to become somebody else')
  // Opened up on purpose: the kernel's word about who asks must hold by itself.
  spawnSync('chmod', ['0777', place.socket])
  spawnSync('chmod', ['0755', place.server.dir.path, place.dir])
  const program = `const s = require('net').connect(${JSON.stringify(place.socket)}); s.on('data', (d) => console.log(String(d))); s.write('{"command":"shutdown"}\\n')`
  const { stdout } = spawnSync(
    'setpriv',
    ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', program],
    {
      encoding: 'utf8',
      timeout: 20_000,
    },
  )
  assert.match(stdout, /"ok":false.*only root and the owner/)
  assert.equal((await place.ctl('status')).code, 0)
})

test('nonsense over the control socket is answered and harms nobody', async () => {
  await using place = await controlled()
  const { rawSocket } = await import('../helpers/raw-socket.ts')
  await using socket = await rawSocket({ socketPath: place.socket })
  socket.write('hello\n{"command":"frobnicate"}\n{"command":"scale","workers":1e9}\n{"command":"kill","pid":"x"}\n[]\n')
  await until(() => socket.received().trim().split('\n').length === 5)
  for (const line of socket.received().trim().split('\n')) assert.equal((JSON.parse(line) as ControlAnswer).ok, false)
  assert.equal((await place.ctl('status')).code, 0)
})

async function controlled(flags: readonly string[] = []) {
  const dir = await tempDir()
  const socket = dir.join('control.sock')
  const app = await dir.write('app.mjs', 'export default (request, response) => response.end(String(process.pid))')
  const all = ['-w', '2', '--drain-idle', '0.2', '--control-socket', socket, ...flags]
  const server = await startServer({ app, flags: all })
  const ctl = (...words: string[]) => spawnCli(['ctl', ...words, '--control-socket', socket])
  const status = async () => {
    const answer = JSON.parse((await ctl('status', '--json')).stdout) as { readonly view: StatusView }
    return answer.view
  }
  const release = async () => {
    await server[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  }
  return { server, app, socket, dir: dir.path, ctl, status, [Symbol.asyncDispose]: release }
}
