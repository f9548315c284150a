import assert from 'node:assert/strict'
import test from 'node:test'
import { locate } from '../../../../src/settings/file/locate.ts'

function thrown(stack: string, error = new Error('no\nway')): Error {
  return Object.assign(error, { stack: `Error: no\nway\n${stack}` })
}

test('an error thrown by the file is told with the line of the file that it came through first', () => {
  const error = thrown('    at f (/srv/c.ts:3:9)\n    at /srv/c.ts:5:1\n    at eval (/jiti.cjs:1:1)')
  assert.deepEqual(locate(error, '/srv/c.ts'), { place: '/srv/c.ts:3', message: 'threw Error: no' })
})

test('an error from elsewhere is told with the file alone', () => {
  assert.equal(locate(thrown('    at node:internal/x:1:1'), '/srv/c.ts').place, '/srv/c.ts')
})

test('a syntax error is told with line and column, counted from 1', () => {
  const error = new Error('ParseError: Unexpected token, expected ","  \n /srv/c.ts:3:1')
  assert.deepEqual(locate(error, '/srv/c.ts'), {
    place: '/srv/c.ts:3:2',
    message: 'syntax error: Unexpected token, expected ","',
  })
})

test('whatever else is thrown does no harm', () => {
  for (const value of [undefined, null, 'text', 4, Object.create(null), Symbol('s')]) {
    assert.equal(locate(value, '/srv/c.ts').place, '/srv/c.ts')
  }
})
