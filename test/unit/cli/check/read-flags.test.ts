import assert from 'node:assert/strict'
import test from 'node:test'
import { isCheck } from '../../../../src/cli/check/options.ts'
import { readCheckFlags } from '../../../../src/cli/check/read-flags.ts'
import type { Flags } from '../../../../src/cli/context.ts'

const read = (given: Flags) => readCheckFlags({ check: true, ...given }, { cwd: '/srv/app' })

test('all three layers are checked unless some are named, in their order', () => {
  assert.deepEqual(read({}).layers, ['files', 'host', 'live'])
  assert.deepEqual(read({ layer: ['live', 'files'] }).layers, ['files', 'live'])
})

test('a staging directory has files only', () => {
  assert.deepEqual(read({ root: 'image' }).layers, ['files'])
  assert.equal(read({ root: 'image' }).root, '/srv/app/image')
  assert.equal(read({ root: '/' }).root, '')
  assert.throws(() => read({ root: 'image', layer: ['host'] }), /--root holds files/)
})

test('a layer that does not exist is refused with the one that was meant', () => {
  assert.throws(() => read({ layer: ['hots'] }), /got "hots"; did you mean host\?/)
})

test('what changes something does not go with a check, and flags of a check do not go without it', () => {
  for (const [name, flag] of [
    ['rollback', '--rollback'],
    ['dryRun', '--dry-run'],
  ] as const)
    assert.throws(() => read({ [name]: true }), { message: new RegExp(`${flag} does not go with it`) })
  assert.throws(() => readCheckFlags({ active: true }, { cwd: '/' }), /go with --check/)
  assert.deepEqual([isCheck({}), isCheck({ json: true }), isCheck({ strict: true })], [false, false, true])
})
