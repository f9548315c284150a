import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { childPids } from '../helpers/process-group.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('signals that come before the first worker is ready are done when they can be, in their order', async () => {
  await using place = await booting()
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGTTIN', 'SIGHUP', 'SIGTTIN', 'SIGTTIN', 'SIGTTOU'] as const) {
    process.kill(place.master, signal)
    // Two signals of one kind that nobody has taken yet are one to the kernel (signal(7)).
    await until(() => !isPending(place.master, signal))
  }
  place.open()
  await using server = await place.started
  server.claimLog(/worker/)
  for (const words of [/log files reopened/, /no hand-over: the server is starting/, /reload asked for: it begins/]) {
    await server.expectLog(words)
  }
  await server.expectLog(/reloaded:/)
  await until(() => server.workers().length === 2, { what: 'the setting and one more' })
  assert.equal((await request(server.target, '/')).status, 200)
})

test('WINCH before the first worker is ready stops the start, and HUP goes on with it', async () => {
  await using place = await booting()
  process.kill(place.master, 'SIGWINCH')
  await until(() => childPids(place.master).length === 0)
  place.open()
  process.kill(place.master, 'SIGHUP')
  await using server = await place.started
  assert.equal((await request(server.target, '/')).status, 200)
})

test('TERM before the first worker is ready ends the server with status 0 and leaves no file', async () => {
  await using place = await booting()
  const failed = place.started.then(
    () => '',
    (error: Error) => error.message,
  )
  process.kill(place.master, 'SIGTERM')
  assert.match(await failed, /ended with status 0 before it was ready/)
  assert.equal(existsSync(place.pidfile), false)
})

for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTERM'] as const) {
  test(`${signal} to a worker that has just been born does not end the start`, async () => {
    await using place = await booting()
    const [worker] = childPids(place.master)
    assert.ok(worker)
    process.kill(worker, signal)
    place.open()
    await using server = await place.started
    assert.equal((await request(server.target, '/')).status, 200)
    assert.equal(server.workers().length, 1)
  })
}

test('SIGUSR1 never opens an inspector in a worker, not even before its first line of code', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '1', '--log-level', 'debug'] })
  const fresh = catchNewborn(server)
  for (let times = 0; times < 100; times++) process.kill(fresh, 'SIGUSR1')
  await server.expectLog(new RegExp(`"workerPid":${fresh},"msg":"worker \\d+ is ready after`))
  // Whoever of the workers is awake first takes a connection: only a stopped one never does.
  for (const other of server.workers().filter((pid) => pid !== fresh)) {
    process.kill(other, 'SIGSTOP')
    await until(() => stateOf(other) === 'T')
  }
  assert.equal(((await request(server.target, '/')).json() as { pid: number }).pid, fresh)
  assert.deepEqual(
    server.log.filter((line) => /Debugger listening/.test(line)),
    [],
  )
})

const usr1 = 10

/**
 * A new worker that has not yet run a line of code. From its first moments until somebody listens Node keeps the signal
 * for the inspector; before, it would end the process. On a busy machine the moment may pass unseen: then another is born.
 */
function catchNewborn(server: Server): number {
  for (let tries = 0; tries < 20; tries++) {
    const known = server.workers()
    server.signal('SIGTTIN')
    const { pid, isNewborn } = spin(() => {
      const pid = server.workers().find((one) => !known.includes(one))
      if (pid === undefined) return undefined
      if (isNode(pid) && isBlocked(pid, usr1)) return { pid, isNewborn: true }
      return hasTitle(pid) ? { pid, isNewborn: false } : undefined
    })
    if (isNewborn) return pid
  }
  throw new Error('no worker was seen in its first moments')
}

/** Asks without a pause, for a fact that does not last. */
function spin<Value>(fact: () => Value | undefined): Value {
  for (const end = performance.now() + 10_000; performance.now() < end; ) {
    const value = fact()
    if (value !== undefined) return value
  }
  throw new Error('the moment did not come')
}

/** How a process is doing, in a letter (proc_pid_stat(5)). */
function stateOf(pid: number): string | undefined {
  return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
}

/** Before that a child of the master blocks signals too, and is ended by them when it becomes Node. */
function isNode(pid: number): boolean {
  return commandLine(pid).includes('worker/main')
}

/** Our code gives a worker its title. */
function hasTitle(pid: number): boolean {
  return commandLine(pid).startsWith('tsicorn: worker')
}

function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
}

function isBlocked(pid: number, signal: number): boolean {
  const mask = /^SigBlk:\s+(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${mask}`) & (1n << BigInt(signal - 1))) !== 0n
}

const numbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGUSR1: 10, SIGUSR2: 12, SIGTTIN: 21, SIGTTOU: 22 }

function isPending(pid: number, signal: string): boolean {
  const mask = /^ShdPnd:\s+(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${mask}`) & (1n << BigInt((numbers[signal] ?? 0) - 1))) !== 0n
}

type Place = AsyncDisposable & {
  readonly master: number
  readonly pidfile: string
  readonly started: Promise<Server>
  /** Lets the application load. */
  readonly open: () => void
}

/** A server whose only worker is loading, and goes on doing so until told. */
async function booting(): Promise<Place> {
  const dir = await tempDir()
  const [gate, pidfile] = [dir.join('gate'), dir.join('pid')]
  const flags = ['-e', `GATE=${gate}`, '-p', pidfile, '--drain-idle', '0.2']
  const started = startServer({ app: 'gated', flags })
  started.catch(() => undefined)
  const master = await until(() => Number(readFileSync(pidfile, 'utf8')))
  await until(() => childPids(master).length > 0, { what: 'a worker' })
  const open = (): void => writeFileSync(gate, '')
  return { master, pidfile, started, open, [Symbol.asyncDispose]: dir[Symbol.asyncDispose] }
}
