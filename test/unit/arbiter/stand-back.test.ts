import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isServed } from '../../../src/arbiter/stand-back.ts'
import { initialState } from '../../../src/arbiter/state.ts'
import { Lifecycle, limits, running } from '../../helpers/lifecycle.ts'

const served = ({ state }: Lifecycle): readonly boolean[] => [1, 2].map((slot) => isServed(state, slot))

test('a slot is served while its worker is ready, and not while it starts or has died', () => {
  assert.deepEqual(served(new Lifecycle()), [false, false])
  const life = running()
  assert.deepEqual(served(life), [true, true])
  life.die(1)
  assert.deepEqual(served(life), [false, true])
  life.boot()
  assert.deepEqual(served(life), [true, true])
})

test('a slot whose worker has hung, and is no longer counted on, is not served', () => {
  const life = running()
  life.pass(limits.timeout + 2000, [2])
  assert.deepEqual(served(life), [false, true])
})

test('beside an old master all slots of a new one are served until it is ready itself', () => {
  const [first, heir] = [initialState(limits, 0), initialState(limits, 0, true)]
  assert.deepEqual([isServed(first, 1), isServed(heir, 1)], [false, true])
  assert.equal(isServed({ ...heir, stage: { name: 'running' } }, 1), false)
})
