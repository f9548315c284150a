import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lifecycle, running } from '../../helpers/lifecycle.ts'

const broken = { type: 'failed', stage: 'load', message: 'unexpected token', fix: null } as const
const changed = { type: 'sourcesChanged', files: ['a.js', 'b.js', 'c.js', 'd.js'] } as const

test('a change of the sources is a reload, and the log names a few of the files', () => {
  const life = running({ waitsForChange: true })
  life.hear(changed)
  assert.deepEqual(life.notes('reload.files-changed'), ['a.js, b.js, c.js and 1 more changed'])
  assert.equal(life.ordered('try').length, 1)
})

test('changes during a reload are one more reload', () => {
  const life = running({ workers: 1, waitsForChange: true })
  for (let count = 0; count < 5; count++) life.hear(changed)
  assert.equal(life.ordered('try').length, 1)
  life.hear({ type: 'tried', outcome: { ok: true } })
  life.boot()
  assert.equal(life.ordered('try').length, 2)
})

test('a change that cannot be loaded leaves the last good worker, and is said once', () => {
  const life = running({ workers: 2, waitsForChange: true })
  const good = life.ready.map((worker) => worker.id)
  life.hear(changed)
  life.hear({ type: 'tried', outcome: { ok: true } })
  const [worker] = life.booting
  assert.ok(worker)
  life.say(worker.id, broken)
  life.die(worker.id, 4)
  life.pass(60_000)
  assert.deepEqual(
    life.ready.map((other) => other.id),
    good,
  )
  assert.deepEqual(life.notes('reload.failed'), [
    'reload failed, the old workers serve on: unexpected token; waiting for a change',
  ])
  assert.deepEqual(life.notes('worker.cannot-start'), [])
})

test('a first start that fails waits for a change instead of ending, and is said once for all workers', () => {
  const life = new Lifecycle({ workers: 3, waitsForChange: true })
  for (const { id } of life.booting) life.say(id, broken)
  for (const { id } of life.state.workers) life.die(id, 4)
  life.pass(60_000)
  assert.deepEqual(life.ordered('exit'), [])
  assert.equal(life.ordered('spawn').length, 3, 'nothing is tried without a change')
  assert.deepEqual(life.notes('worker.cannot-start'), [
    'the application cannot start: unexpected token; waiting for a change',
  ])
  assert.equal(life.ordered('notify').at(-1)?.status.startsWith('waiting for a change'), true)
})

test('once it is mended the server gets ready as if nothing had been', () => {
  const life = new Lifecycle({ workers: 2, waitsForChange: true })
  life.say(1, broken)
  life.die(1, 4)
  life.die(2, 0)
  life.hear(changed)
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(life.booting.length, 2, 'all at once')
  life.boot()
  assert.deepEqual(life.notes('master.ready'), ['ready: 2 of 2 workers serve'])
  assert.equal(life.ordered('notify').at(-1)?.state, 'ready')
})

test('a change that does not mend it is said again, and the next one counts', () => {
  const life = new Lifecycle({ workers: 1, waitsForChange: true })
  life.say(1, broken)
  life.die(1, 4)
  life.hear(changed)
  life.hear({ type: 'tried', outcome: { ok: true } })
  life.say(2, { ...broken, message: 'still wrong' })
  life.die(2, 4)
  assert.deepEqual(life.notes('reload.failed'), ['reload failed: still wrong; waiting for a change'])
  assert.ok(
    !life.ordered('notify').some(({ state }) => state === 'ready'),
    'the service manager is not told it is ready',
  )
  life.hear(changed)
  life.hear({ type: 'tried', outcome: { ok: true } })
  life.boot()
  assert.equal(life.notes('master.ready').length, 1)
})

test('a file that is mended while the broken one is still being loaded is not missed', () => {
  const life = new Lifecycle({ workers: 1, waitsForChange: true })
  life.hear(changed)
  assert.deepEqual(life.ordered('try'), [])
  life.say(1, broken)
  life.die(1, 4)
  assert.equal(life.ordered('try').length, 1)
})

test('a server that waits for a change can be stopped, and exits 0', () => {
  const life = new Lifecycle({ workers: 1, waitsForChange: true })
  life.say(1, broken)
  life.die(1, 4)
  life.signal('SIGTERM')
  assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 0 }])
})
