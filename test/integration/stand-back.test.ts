import assert from 'node:assert/strict'
import { getPriority } from 'node:os'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const isNobody = process.getuid?.() !== 0 && 'needs root to give and take the right to a nice value'

const own = getPriority()
const back = own + 10

/** Tells the nice value it was loaded with, and those of all its threads and of a program that it has started. */
const witness = `import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
const loaded = getPriority()
const program = spawn('cat', { stdio: ['pipe', 'ignore', 'inherit'] })
const threads = () => [process.pid, program.pid].flatMap((pid) => readdirSync('/proc/' + pid + '/task').map(Number))
export default (request, response) => response.end(JSON.stringify({ pid: process.pid, loaded, now: threads().map(getPriority) }))
`

type Witness = { readonly pid: number; readonly loaded: number; readonly now: readonly number[] }

async function ask(server: Server): Promise<Witness> {
  return (await request(server.target, '/')).json() as Witness
}

async function reload(server: Server): Promise<Witness> {
  const before = await ask(server)
  server.signal('SIGHUP')
  await server.expectLog(/reloaded: 1 workers/)
  await until(async () => (await ask(server)).pid !== before.pid)
  return ask(server)
}

const withoutCapability = ['setpriv', '--bounding-set=-sys_nice', '--inh-caps=-sys_nice']

test('a new worker starts behind those who serve, and counts as much as they did when it serves', {
  skip: isNobody,
}, async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', witness)
  await using server = await startServer({
    app,
    under: ['prlimit', '--nice=0:0'],
    flags: ['-w', '1', '--drain-idle', '5'],
  })
  const first = await ask(server)
  assert.equal(first.loaded, own, 'nobody serves yet')
  const { loaded, now } = await reload(server)
  assert.equal(loaded, back)
  assert.ok(now.length > 5, 'threads of the worker, and the program')
  assert.deepEqual([...new Set(now)], [own])
})

test('without the right to come back no worker stands back', { skip: isNobody }, async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', witness)
  const under = ['prlimit', '--nice=0:0', ...withoutCapability]
  await using server = await startServer({ app, under, flags: ['-w', '1', '--drain-idle', '5'] })
  const { loaded, now } = await reload(server)
  assert.equal(loaded, own)
  assert.deepEqual([...new Set(now)], [own])
})

test('a worker in the place of one that died starts as fast as it can', { skip: isNobody }, async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', witness)
  await using server = await startServer({ app, flags: ['-w', '1'] })
  const { pid } = await ask(server)
  process.kill(pid, 'SIGKILL')
  await server.expectLog(/worker 1 .*SIGKILL/)
  await until(() => server.workers().length === 1 && !server.workers().includes(pid))
  assert.equal((await ask(server)).loaded, own)
  server.claimLog(/SIGKILL/)
})

/** Is never ready as long as it stands back. */
const patient = `import { getPriority } from 'node:os'
while (getPriority() > ${own}) await new Promise((resolve) => setTimeout(resolve, 10))
export default (request, response) => response.end(JSON.stringify({ pid: process.pid, loaded: getPriority(), now: [] }))
`

test('a start that takes a quarter of --boot-timeout stands back no longer', { skip: isNobody }, async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', patient)
  const flags = ['-w', '1', '--drain-idle', '5', '--boot-timeout', '8']
  await using server = await startServer({ app, flags })
  assert.equal((await reload(server)).loaded, own)
})
