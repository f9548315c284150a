import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const isNobody = process.getuid?.() !== 0 && 'needs root to give and take the right to come back'

/** SCHED_OTHER and SCHED_IDLE, sched(7). */
const [usual, idle] = ['0', '5'] as const

const policyOf = `import { readFileSync } from 'node:fs'
const policyOf = (thread) => readFileSync('/proc/' + thread + '/stat', 'latin1').split(') ').at(-1).split(' ')[38]
`

/** Tells the policy it was loaded with, and those of all its threads and of a program that it has started. */
const witness = `${policyOf}import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
const loaded = policyOf('self')
const program = spawn('cat', { stdio: ['pipe', 'ignore', 'inherit'] })
const threads = () => [process.pid, program.pid].flatMap((pid) => readdirSync('/proc/' + pid + '/task'))
export default (request, response) => response.end(JSON.stringify({ pid: process.pid, loaded, now: threads().map(policyOf) }))
`

type Witness = { readonly pid: number; readonly loaded: string; readonly now: readonly string[] }

type Prepared = { readonly pid: number; readonly before: number; readonly threads: number }

async function ask<Told extends { readonly pid: number } = Witness>(server: Server): Promise<Told> {
  return (await request(server.target, '/')).json() as Told
}

async function reload<Told extends { readonly pid: number } = Witness>(server: Server): Promise<Told> {
  const before = await ask(server)
  server.signal('SIGHUP')
  await server.expectLog(/reloaded: 1 workers/)
  await until(async () => (await ask(server)).pid !== before.pid)
  return ask<Told>(server)
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
  assert.equal(first.loaded, usual, 'nobody serves yet')
  const { loaded, now } = await reload(server)
  assert.equal(loaded, idle)
  assert.ok(now.length > 5, 'threads of the worker, and the program')
  assert.deepEqual([...new Set(now)], [usual])
})

test('without the right to come back no worker stands back', { skip: isNobody }, async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', witness)
  const under = ['prlimit', '--nice=0:0', ...withoutCapability]
  await using server = await startServer({ app, under, flags: ['-w', '1', '--drain-idle', '5'] })
  const { loaded, now } = await reload(server)
  assert.equal(loaded, usual)
  assert.deepEqual([...new Set(now)], [usual])
})

test('a worker in the place of one that died starts as fast as it can', { skip: isNobody }, async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', witness)
  await using server = await startServer({ app, flags: ['-w', '1'] })
  const { pid } = await ask(server)
  process.kill(pid, 'SIGKILL')
  await server.expectLog(/worker 1 .*SIGKILL/)
  await until(() => server.workers().length === 1 && !server.workers().includes(pid))
  assert.equal((await ask(server)).loaded, usual)
  server.claimLog(/SIGKILL/)
})

/** Is never ready as long as it stands back. */
const patient = `${policyOf}const loaded = policyOf('self')
while (policyOf('self') === '${idle}') await new Promise((resolve) => setTimeout(resolve, 10))
export default (request, response) => response.end(JSON.stringify({ pid: process.pid, loaded, now: [policyOf('self')] }))
`

test('a start that takes a tenth of --boot-timeout stands back no longer', { skip: isNobody }, async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', patient)
  const flags = ['-w', '1', '--drain-idle', '5', '--boot-timeout', '8']
  await using server = await startServer({ app, flags })
  const { loaded, now } = await reload(server)
  assert.equal(loaded, idle)
  assert.deepEqual(now, [usual])
})

const countAnswers = `import { subscribe } from 'node:diagnostics_channel'
globalThis.answers = 0
subscribe('http.server.response.finish', () => { globalThis.answers += 1 })
`
const countThreads = `import { readdirSync } from 'node:fs'
export default { workerReady() { globalThis.threads = readdirSync('/proc/self/task').length } }
`
/** Tells what had been answered when it was loaded, and how many threads there were when it was ready. */
const prepared = `const before = globalThis.answers
export default (request, response) => response.end(JSON.stringify({ pid: process.pid, before, threads: globalThis.threads }))
`

test('a worker that starts while others serve has warmed up and is watched before it is ready; another is ready first', async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', prepared)
  const [config, preload] = [await dir.write('c.mjs', countThreads), await dir.write('preload.mjs', countAnswers)]
  const flags = ['-c', config, '-w', '1', '--drain-idle', '5']
  await using server = await startServer({ app, flags, env: { NODE_OPTIONS: `--import=file://${preload}` } })
  const first = await ask<Prepared>(server)
  const next = await reload<Prepared>(server)
  assert.deepEqual([first.before, next.before], [0, 2])
  assert.equal(next.threads, first.threads + 1)
})

for (const [how, act] of [
  ['fails', 'throw new Error("not a socket")'],
  ['is never answered', 'return false'],
] as const) {
  test(`a warm-up that ${how} keeps no worker from starting`, async () => {
    await using dir = await tempDir()
    const preload = await dir.write(
      'preload.mjs',
      `import { Server } from 'node:http'
import { Socket } from 'node:net'
const { emit } = Server.prototype
Server.prototype.emit = function (event, ...given) {
  if (event === 'connection' && !(given[0] instanceof Socket)) ${act}
  return emit.call(this, event, ...given)
}
`,
    )
    const app = await dir.write('app.mjs', prepared)
    const flags = ['-w', '1', '--drain-idle', '5']
    await using server = await startServer({ app, flags, env: { NODE_OPTIONS: `--import=file://${preload}` } })
    const { pid } = await ask<Prepared>(server)
    assert.notEqual((await reload<Prepared>(server)).pid, pid)
  })
}
