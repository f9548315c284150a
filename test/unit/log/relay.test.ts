import assert from 'node:assert/strict'
import test from 'node:test'
import { LogRelay } from '../../../src/log/relay.ts'
import type { LogHook, LogRecord } from '../../../src/settings/hooks.ts'

function setUp(act: LogHook) {
  const told: { readonly event: string; readonly [field: string]: unknown }[] = []
  const relay = new LogRelay()
  relay.use(act, (fields) => void told.push(fields))
  return { relay, told }
}

const record = (fields: object = {}): string => JSON.stringify({ level: 'info', event: 'x', msg: 'm', ...fields })

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('a logger gets each record, frozen, and not within what logs it', async () => {
  const got: LogRecord[] = []
  const { relay } = setUp((one) => got.push(one))
  relay.take(record({ nested: { a: 1 } }))
  assert.equal(got.length, 0)
  await turn()
  assert.equal(got[0]?.msg, 'm')
  assert.ok(Object.isFrozen(got[0]) && Object.isFrozen(got[0]?.['nested']))
})

test('what is logged before it is known who the logger is waits for it, and is dropped when there is none', async () => {
  const got: unknown[] = []
  const [late, never] = [new LogRelay(), new LogRelay()]
  for (const relay of [late, never]) {
    relay.take(record({ event: 'early' }))
    relay.flush()
  }
  await turn()
  late.use(
    (one) => got.push(one.event),
    () => assert.fail(),
  )
  never.use(null, () => assert.fail())
  late.take(record({ event: 'later' }))
  await turn()
  never.use(
    (one) => got.push(one.event),
    () => assert.fail(),
  )
  await turn()
  assert.deepEqual(got, ['early', 'later'])
})

test('a logger that fails is told once a second, and never of itself', async () => {
  let calls = 0
  const { relay, told } = setUp(() => {
    calls += 1
    throw new Error('broken')
  })
  for (let number = 0; number < 5; number += 1) relay.take(record())
  relay.take(record({ event: 'hook.failed', hook: 'logger' }))
  relay.take(record({ event: 'hook.failed', hook: 'onExit' }))
  relay.flush()
  await turn()
  assert.equal(calls, 6)
  assert.deepEqual(
    told.map(({ event, hook }) => [event, hook]),
    [['hook.failed', 'logger']],
  )
})

test('a logger whose promises do not settle gets no more than 1,000 records, and the rest is counted', async () => {
  let settle = (): void => {}
  const wait = new Promise<void>((resolve) => {
    settle = resolve
  })
  let calls = 0
  const { relay, told } = setUp(() => {
    calls += 1
    return wait
  })
  for (let number = 0; number < 3000; number += 1) relay.take(record())
  await turn()
  for (let number = 0; number < 10; number += 1) relay.take(record())
  assert.equal(calls, 1000)
  settle()
  await turn()
  relay.take(record())
  await turn()
  assert.equal(calls, 1001)
  assert.deepEqual(told, [{ event: 'logger.lost', lost: 2010 }])
})

test('nobody is called after the end', () => {
  let calls = 0
  const { relay } = setUp(() => (calls += 1))
  relay.take(record())
  relay.close()
  relay.take(record())
  relay.flush()
  assert.equal(calls, 1)
})
