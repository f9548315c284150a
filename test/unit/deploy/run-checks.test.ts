import assert from 'node:assert/strict'
import test from 'node:test'
import { type Check, fail, judge, pass, type Verdict } from '../../../src/deploy/check.ts'
import { runChecks, summarize } from '../../../src/deploy/run-checks.ts'
import type { CheckTarget } from '../../../src/deploy/target.ts'
import { target } from './target.ts'

const row = (id: string, given: Partial<Check> = {}): Check => ({
  id,
  layer: 'live',
  group: 'Group',
  title: `title of ${id}`,
  why: 'why',
  how: `how of ${id}`,
  needs: [],
  active: false,
  within: 5000,
  run: async () => pass('this', 'this'),
  ...given,
})

const failing = { run: async (): Promise<Verdict> => fail('this', 'that', 'mend it') }

test('a check that does something to the stack waits to be allowed, and nothing that needs it waits with it', async () => {
  const checks = [row('a', { active: true }), row('b', { needs: ['a'] })]
  const report = await runChecks(checks, target(), { active: false })
  assert.deepEqual(
    report.checks.map(({ id, status }) => [id, status]),
    [
      ['a', 'skip'],
      ['b', 'pass'],
    ],
  )
  assert.match(report.checks[0]?.found ?? '', /--active/)
  assert.equal((await runChecks(checks, target())).summary.pass, 2)
})

const statuses = async (checks: readonly Check[], given: CheckTarget = target()) =>
  Object.fromEntries((await runChecks(checks, given)).checks.map((result) => [result.id, result.status]))

test('a check that fails is reported with what was expected, what was found and what mends it', async () => {
  const report = await runChecks([row('a.b', failing)], target())
  assert.deepEqual(report, {
    ok: false,
    summary: { pass: 0, warn: 0, fail: 1, skip: 0 },
    checks: [
      {
        id: 'a.b',
        title: 'title of a.b',
        status: 'fail',
        expected: 'this',
        found: 'that',
        fix: 'mend it',
        how: 'how of a.b',
      },
    ],
  })
})

test('what depends on a failed check is skipped, and so is what depends on that, with the reason', async () => {
  const checks = [row('a', failing), row('b', { needs: ['a'] }), row('c', { needs: ['b'] }), row('d')]
  const report = await runChecks(checks, target())
  assert.deepEqual(
    report.checks.map((result) => [result.status, result.found]),
    [
      ['fail', 'that'],
      ['skip', 'needs a, which failed'],
      ['skip', 'needs b, which was skipped'],
      ['pass', 'this'],
    ],
  )
})

test('a check that does not concern the stack is skipped, and nothing that needs it is', async () => {
  const checks = [row('a', { exempt: () => 'there is no nginx' }), row('b', { needs: ['a'] })]
  assert.deepEqual(await statuses(checks), { a: 'skip', b: 'pass' })
})

test('a check that throws has failed with the words of the error', async () => {
  const throws = row('a', { run: () => Promise.reject(new Error('connect ECONNREFUSED')) })
  const report = await runChecks([throws, row('b')], target())
  assert.equal(report.checks[0]?.status, 'fail')
  assert.equal(report.checks[0]?.found, 'connect ECONNREFUSED')
  assert.equal(report.checks[1]?.status, 'pass')
})

test('a check that never comes to an end has failed when its time is over, and is told to stop', async () => {
  let told = false
  const endless = row('a', {
    within: 20,
    run: (_, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          told = true
        })
      }),
  })
  assert.deepEqual(await statuses([endless, row('b')]), { a: 'fail', b: 'pass' })
  assert.equal(told, true)
})

test('results are told one by one, in the order of the table', async () => {
  const heard: string[] = []
  await runChecks([row('a'), row('b', failing), row('c')], target(), { onResult: ({ id }) => heard.push(id) })
  assert.deepEqual(heard, ['a', 'b', 'c'])
})

test('after an abort nothing further is run or told', async () => {
  const stop = new AbortController()
  const aborts = row('b', {
    run: async () => {
      stop.abort()
      return pass('this', 'this')
    },
  })
  const report = await runChecks([row('a'), aborts, row('c')], target(), { signal: stop.signal })
  assert.deepEqual(
    report.checks.map((result) => result.id),
    ['a'],
  )
})

test('a warning is no failure, except to the strict', () => {
  const result = { id: 'a', title: '', status: 'warn', expected: '', found: '', fix: null, how: '' } as const
  assert.equal(summarize([result]).ok, true)
  assert.equal(summarize([result], true).ok, false)
})

test('problems are judged together: none is a pass, several are said in one sentence', () => {
  assert.equal(judge('this', 'this', []).status, 'pass')
  assert.deepEqual(judge('this', 'this', ['one', 'two'], 'mend it'), fail('this', 'one; two', 'mend it'))
})
