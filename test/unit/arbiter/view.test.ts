import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Account } from '../../../src/arbiter/account.ts'
import { statsOf, statusOf } from '../../../src/arbiter/view.ts'
import type { Release } from '../../../src/contract/messages.ts'
import { beat, type Lifecycle, running } from '../../helpers/lifecycle.ts'
import { repository } from '../../helpers/repository.ts'

const release: Release = { path: '/srv/releases/7/app.js', directory: '/srv/releases/7', version: '1.2.3' }

function seen({ state, now }: Lifecycle, account = new Account()) {
  const config = { name: 'shop', app: './app.js' }
  return { state, now, account, config, version: '1', startedAt: 0, book: { labels: ['unix:/x'] } }
}

/** Hears, and lets the account look on as the loop does. */
function observed(life: Lifecycle, account: Account, event: Parameters<Lifecycle['hear']>[0]): void {
  const before = life.state
  const orders = life.hear(event)
  account.observe({ event, before, after: life.state, orders, now: life.now })
}

test('what ctl status says is what the service manager is told, whatever happens', () => {
  const life = running()
  const agree = (): void => {
    life.pass(2000)
    assert.equal(statusOf(seen(life)).status, life.ordered('notify').at(-1)?.status)
  }
  life.signal('SIGTTIN')
  agree()
  life.boot()
  agree()
  life.die(1)
  agree()
  life.boot()
  life.signal('SIGHUP')
  agree()
  life.hear({ type: 'tried', outcome: { ok: false, message: 'SyntaxError', fix: null } })
  agree()
  life.signal('SIGTERM')
  agree()
})

test('a worker is shown with its age, its release, and what is special about it', () => {
  const life = running({ workers: 1 })
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  life.pass(3000)
  const [next] = life.booting
  assert.ok(next)
  life.say(next.id, { type: 'ready', release })
  life.say(next.id, { ...beat, loop: { delayMs: 12.34, utilisation: 0.5 } })
  life.now += 4000
  const [old, fresh] = statusOf(seen(life)).workers
  assert.equal(old?.remark, 'leaves: its successor serves')
  assert.deepEqual([fresh?.ageSeconds, fresh?.seconds], [7, 4])
  assert.deepEqual([fresh?.loopDelayMs, fresh?.loopUtilisation, fresh?.release], [12.3, 0.5, release])
  life.say(next.id, { type: 'stalled', stack: ['spin app.js:3:1'], requests: [] })
  assert.equal(statusOf(seen(life)).workers.at(-1)?.remark, 'stands still in spin app.js:3:1')
})

test('requests are counted once, over the replacement of workers, and errors have their time', () => {
  const life = running({ workers: 1 })
  const account = new Account()
  const tell = (worker: number, requests: number): void =>
    observed(life, account, { type: 'said', worker, message: { ...beat, requests } })
  tell(1, 10)
  tell(1, 25)
  life.now += 1000
  observed(life, account, { type: 'exited', worker: 1, code: 1, signal: null })
  tell(2, 0)
  life.boot()
  tell(2, 5)
  life.now += 4000
  const stats = statsOf(seen(life, account), { at: life.now - 2000, requests: 20 })
  assert.deepEqual([stats.requests, stats.requestsPerSecond, stats.sinceSeconds], [30, 5, 2])
  assert.deepEqual(stats.exits, { died: 1 })
  assert.equal(statusOf(seen(life, account)).lastErrorSeconds, 4)
})

const ends = {
  'uncaught-error': 'leaves: an error that nobody caught',
  signal: 'leaves: TERM sent to it',
  'server-closed': 'leaves: the application closed its server',
  'thread-ended': 'leaves: one of its threads has ended',
} as const

for (const [reason, remark] of Object.entries(ends)) {
  test(`a worker that goes on its own account is shown and counted by why: ${reason}`, () => {
    const life = running({ workers: 1 })
    const account = new Account()
    life.say(1, { type: 'leaving', reason: reason as keyof typeof ends })
    assert.equal(statusOf(seen(life)).workers[0]?.remark, remark)
    observed(life, account, { type: 'exited', worker: 1, code: 1, signal: null })
    assert.deepEqual(statsOf(seen(life, account), { at: 0, requests: 0 }).exits, { [reason]: 1 })
  })
}

test('a worker that stood still is the last error', () => {
  const life = running({ workers: 1, timeout: 5000 })
  life.say(1, { type: 'stalled', stack: ['spin app.js:3:1'], requests: [] })
  life.pass(6000, [])
  assert.match(statusOf(seen(life)).lastError ?? '', /silent for 5 s: its event loop was stuck in spin app\.js:3:1/)
})

test('every key of the answers is on the page about control', () => {
  const page = readFileSync(join(repository, 'templates', 'docs', 'control.md'), 'utf8')
  const life = running()
  const status = statusOf(seen(life))
  const keys = [status, status.workers[0], release, statsOf(seen(life), { at: 0, requests: 0 })].flatMap((view) =>
    Object.keys(view ?? {}),
  )
  assert.deepEqual(
    keys.filter((key) => !page.includes(`\`${key}\``)),
    [],
  )
})
