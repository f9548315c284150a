import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { availableParallelism } from 'node:os'
import test from 'node:test'
import { availableWorkers } from '../../src/system/cpu-count.ts'
import { peerUid } from '../../src/system/peer.ts'
import {
  commandLine,
  describeProcess,
  isRunning,
  startedAt,
  viewCredentials,
  viewProcess,
} from '../../src/system/proc.ts'
import { childPids, spawnGroup } from '../helpers/process-group.ts'
import { startProgram } from '../helpers/start-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('a process is known by its parent, its arguments and when it started', async () => {
  const before = Date.now()
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  const pid = child.pid ?? 0
  // Between fork and exec the arguments are still those of the parent.
  await until(() => commandLine(pid)?.[0] === 'sleep')
  assert.equal(viewProcess(pid)?.parent, process.pid)
  assert.deepEqual(commandLine(pid), ['sleep', '60'])
  assert.equal(describeProcess(pid), `pid ${pid} (sleep)`)
  assert.ok(Math.abs((startedAt(pid) ?? 0) - before) < 60_000)
  assert.equal(isRunning(pid), true)
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  assert.equal(isRunning(pid), false)
  assert.equal(viewProcess(pid), null)
  assert.equal(describeProcess(pid), `pid ${pid}`)
})

test('a zombie does not run', async () => {
  // The shell becomes a program that does not wait for the child it inherits.
  const group = spawnGroup('sh', ['-c', 'sleep 0.1 & exec sleep 60'], { stdio: 'ignore' })
  try {
    const pid = await until(() => childPids(group.pid)[0])
    await until(() => viewProcess(pid)?.state === 'Z')
    assert.equal(isRunning(pid), false)
  } finally {
    await group.kill()
  }
})

test('numbers that are no pid belong to nobody', () => {
  for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 31]) assert.equal(isRunning(pid), false, String(pid))
})

test('a process with a title is described by it, and without its secrets', async () => {
  await using titled = startProgram('entitled.ts', { args: ['tsicorn: master [guestbook\u001b[2J]'] })
  await titled.firstLine()
  assert.equal(describeProcess(titled.pid), `pid ${titled.pid} (tsicorn: master [guestbook?[2J])`)
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', 'password'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  await until(() => commandLine(child.pid ?? 0)?.includes('password'))
  assert.equal(describeProcess(child.pid ?? 0), `pid ${child.pid} (node)`)
  child.stdin?.end()
  await once(child, 'exit')
})

test('our own credentials are those that Node.js tells', () => {
  const found = viewCredentials('self')
  assert.deepEqual([found?.uids[0], found?.uids[1]], [process.getuid?.(), process.geteuid?.()])
  assert.deepEqual([found?.gids[0], found?.gids[1]], [process.getgid?.(), process.getegid?.()])
})

test('the kernel tells the user at the other end of a unix socket', async () => {
  await using dir = await tempDir()
  const server = net.createServer().listen(dir.join('sock'))
  await once(server, 'listening')
  const client = net.connect(dir.join('sock'))
  const [accepted] = (await once(server, 'connection')) as [net.Socket]
  assert.equal(peerUid(accepted), process.getuid?.())
  accepted.destroy()
  assert.equal(peerUid(accepted), null)
  client.destroy()
  server.close()
})

test('this machine has room for a worker, and for no more than its CPUs', () => {
  const { count, reason } = availableWorkers()
  assert.ok(count >= 1 && count <= availableParallelism())
  assert.match(reason, /^\d/)
})
