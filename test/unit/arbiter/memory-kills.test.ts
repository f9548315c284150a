import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KillCounts, MemoryKills } from '../../../src/arbiter/memory-kills.ts'

/** Claims one kill after the other, each after the kernel has counted so much. */
function claims(
  ...counts: readonly (readonly [ours: number | null, host: number | null])[]
): readonly (boolean | null)[] {
  const left: KillCounts[] = counts.map(([ours, host]) => ({ ours, host }))
  const kills = new MemoryKills(() => left.shift() ?? { ours: null, host: null })
  return counts.slice(1).map(() => kills.claim(0))
}

test('a kill that the kernel has counted was for want of memory, any other was not', () => {
  assert.deepEqual(claims([3, 9], [4, 10], [4, 10]), [true, false])
})

test('two workers that the kernel killed at once were both killed for want of memory, a third was not', () => {
  assert.deepEqual(claims([0, 0], [2, 2], [2, 2], [2, 2]), [true, true, false])
})

test('when another cgroup lost a process, or nobody counts, it is not claimed to know', () => {
  assert.deepEqual(claims([0, 5], [0, 6], [0, 6]), [null, false])
  assert.deepEqual(claims([null, 5], [null, 6], [null, 6]), [null, false])
  assert.deepEqual(claims([null, null], [null, null]), [null])
})

test('a kill that was no worker of ours is not taken for that of a worker much later', () => {
  const counts = [0, 2, 2].map((count) => ({ ours: count, host: count }))
  const kills = new MemoryKills(() => counts.shift() ?? { ours: 2, host: 2 })
  assert.equal(kills.claim(1000), true)
  assert.equal(kills.claim(60_000), false)
})

test('a master that is moved to another cgroup counts from there', () => {
  assert.deepEqual(claims([7, 9], [0, 9], [1, 10]), [false, true])
})
