import assert from 'node:assert/strict'
import test from 'node:test'
import { createNotifier, monotonicMicroseconds } from '../../src/system/notify.ts'
import { openDescriptors, readProc } from '../../src/system/proc.ts'
import { supervise } from '../helpers/supervise.ts'
import { tempDir } from '../helpers/temp-dir.ts'

test('the supervisor gets each message as one datagram, a line for each assignment', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  const notifier = createNotifier(dir.join('notify'))
  assert.equal(notifier.send({ READY: 1, STATUS: '2 workers, größer', MAINPID: process.pid }), null)
  assert.equal(notifier.send({ STOPPING: 1 }), null)
  assert.equal(supervisor.receive(), `READY=1\nSTATUS=2 workers, größer\nMAINPID=${process.pid}\n`)
  assert.equal(supervisor.receive(), 'STOPPING=1\n')
  assert.equal(supervisor.receive(), null)
  notifier.close()
})

test('a supervisor with an abstract name is told too', () => {
  const name = `@tsicorn/test ${process.pid} ${performance.now()}`
  using supervisor = supervise(name)
  const notifier = createNotifier(name)
  assert.equal(notifier.send({ READY: 1 }), null)
  assert.equal(supervisor.receive(), 'READY=1\n')
  notifier.close()
})

test('a status with line breaks cannot make assignments of its own', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  const notifier = createNotifier(dir.join('notify'))
  notifier.send({ STATUS: 'boom\nMAINPID=1\r\nREADY=1' })
  assert.equal(supervisor.receive(), 'STATUS=boom MAINPID=1 READY=1\n')
  notifier.close()
})

test('a supervisor that is gone, was never there, or does not read costs the message and says why', async () => {
  await using dir = await tempDir()
  const path = dir.join('notify')
  const notifier = createNotifier(path)
  assert.match(notifier.send({ READY: 1 }) ?? '', /notify: no such file or directory/)
  {
    using supervisor = supervise(path)
    assert.equal(notifier.send({ READY: 1 }), null)
    assert.equal(supervisor.receive(), 'READY=1\n')
  }
  assert.match(notifier.send({ READY: 1 }) ?? '', /connection refused/)
  notifier.close()
  assert.match(createNotifier('vsock:2:1234').send({ READY: 1 }) ?? '', /only unix sockets are understood/)
  assert.match(createNotifier(`/${'x'.repeat(108)}`).send({ READY: 1 }) ?? '', /longer than 107 bytes/)
})

test('a supervisor whose queue is full is waited for a moment, and is told again when it has read', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  const notifier = createNotifier(dir.join('notify'))
  let sent = 0
  while (sent < 5000 && notifier.send({ STATUS: sent }) === null) sent += 1
  assert.ok(sent < 5000, 'the queue has an end')
  assert.match(notifier.send({ STATUS: 'full' }) ?? '', /resource temporarily unavailable/)
  for (let number = 0; number < sent; number += 1) assert.equal(supervisor.receive(), `STATUS=${number}\n`)
  assert.equal(notifier.send({ STATUS: 'again' }), null)
  assert.equal(supervisor.receive(), 'STATUS=again\n')
  notifier.close()
})

test('notifiers leave no descriptor behind', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  const before = openDescriptors('self')?.size
  for (let round = 0; round < 100; round += 1) {
    const notifier = createNotifier(dir.join('notify'))
    notifier.send({ WATCHDOG: 1 })
    notifier.close()
    supervisor.receive()
  }
  assert.equal(openDescriptors('self')?.size, before)
})

test('the clock told with RELOADING is the one systemd compares with', () => {
  const uptime = Number(readProc('uptime')?.split(' ')[0])
  // CLOCK_MONOTONIC stands still while the machine sleeps, so it is never ahead of the uptime.
  assert.ok(monotonicMicroseconds() / 1e6 <= uptime + 1)
  assert.ok(monotonicMicroseconds() > 0)
})
