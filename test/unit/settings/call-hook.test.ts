import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callHook, type HookTrouble } from '../../../src/settings/call-hook.ts'

async function troubleOf(hook: () => unknown, patience?: number): Promise<readonly HookTrouble[]> {
  const troubles: HookTrouble[] = []
  const onTrouble = (trouble: HookTrouble): void => void troubles.push(trouble)
  await callHook(hook, patience === undefined ? { onTrouble } : { onTrouble, patience })
  return troubles
}

test('a hook is called at once, before its caller goes on', () => {
  let called = false
  void callHook(
    () => {
      called = true
    },
    { onTrouble: ({ problem }) => assert.fail(problem) },
  )
  assert.equal(called, true)
})

test('a hook that throws, or rejects, is told of and nothing else happens', async () => {
  const error = new TypeError('no such table\nmore')
  const thrown = await troubleOf(() => {
    throw error
  })
  assert.deepEqual(thrown, [{ problem: 'failed: TypeError: no such table', error }])
  assert.deepEqual(await troubleOf(() => Promise.reject(error)), thrown)
  assert.deepEqual(await troubleOf(() => Promise.reject('a word')), [
    { problem: 'failed: "a word" was thrown', error: 'a word' },
  ])
})

test('a hook that never settles is told of when its time is up', async () => {
  const [trouble] = await troubleOf(() => new Promise(() => {}), 1)
  assert.match(trouble?.problem ?? '', /has not settled within 0\.001 s/)
})

test('whatever a hook returns in time counts for nothing', async () => {
  for (const value of [undefined, 1, null, {}, Promise.resolve('x')])
    assert.deepEqual(await troubleOf(() => value, 1000), [])
})
