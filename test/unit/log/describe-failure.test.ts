import assert from 'node:assert/strict'
import test from 'node:test'
import { describeFailure } from '../../../src/log/describe-failure.ts'

test('of an error nothing is written down that a client library keeps in it', () => {
  const error = Object.assign(new TypeError('cannot connect', { cause: new Error('refused') }), {
    code: 'ECONNREFUSED',
    config: { headers: { Authorization: 'Bearer secret' } },
    password: 'secret',
  })
  const told = describeFailure(error) as Readonly<Record<string, unknown>>
  assert.deepEqual([told['type'], told['message'], told['code']], ['TypeError', 'cannot connect', 'ECONNREFUSED'])
  assert.match(String(told['stack']), /^TypeError: cannot connect\n/)
  assert.doesNotMatch(JSON.stringify(told), /secret|password|Authorization/)
  assert.equal((told['cause'] as { readonly message: string }).message, 'refused')
})

test('errors within errors come to an end, and what is no error is told in a word', () => {
  const loop = new Error('round')
  loop.cause = loop
  assert.equal(JSON.stringify(describeFailure(loop)).match(/"message":"round"/g)?.length, 6)
  const many = new AggregateError([new Error('one'), { password: 'secret' }], 'several')
  assert.match(JSON.stringify(describeFailure(many)), /"message":"one".*"\[object Object\]"/)
  assert.equal(describeFailure('thrown text'), 'thrown text')
  assert.equal(describeFailure({ token: 'secret' }), '[object Object]')
})
