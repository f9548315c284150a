import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeError } from '../../../src/worker/describe-error.ts'
import { describeRequests } from '../../../src/worker/describe-requests.ts'
import { describeExports, describeValue } from '../../../src/worker/describe-value.ts'

function errorWith(message: string, ...stack: readonly string[]): Error {
  return Object.assign(new TypeError(message), { stack: stack.join('\n') })
}

const errors: readonly (readonly [error: unknown, words: string])[] = [
  [
    errorWith(
      'x is not a function',
      'TypeError: x is not a function',
      '    at make (/srv/app/db.js:12:5)',
      '    at file:///srv/app/app.js?fresh=1:3:7',
      '    at node:internal/modules:1:1',
    ),
    'TypeError: x is not a function (at /srv/app/db.js:12:5, from /srv/app/app.js:3:7)',
  ],
  [
    errorWith('Unexpected token', 'file:///srv/app/a%20b.js:3', 'let let', '    ^^^', 'SyntaxError: Unexpected token'),
    'TypeError: Unexpected token (at /srv/app/a b.js:3)',
  ],
  [
    errorWith('ParseError: Unexpected token  \n /srv/app/a.ts:1:44', 'Error: ParseError', ' /srv/app/a.ts:1:44'),
    'TypeError: ParseError: Unexpected token (at /srv/app/a.ts:1:44)',
  ],
  [errorWith('two\nlines', 'no places'), 'TypeError: two'],
  [
    errorWith('deep', ...Array.from({ length: 20 }, (_, at) => `    at f (/srv/${at}.js:1:1)`)),
    'TypeError: deep (at /srv/0.js:1:1, from /srv/1.js:1:1, from /srv/2.js:1:1, from /srv/3.js:1:1)',
  ],
  ['text', '"text" was thrown'],
  [undefined, 'undefined was thrown'],
]

for (const [error, words] of errors) {
  test(`an error is told in one line: ${words.slice(0, 60)}`, () => {
    assert.equal(describeError(error), words)
  })
}

const values: readonly (readonly [value: unknown, words: string])[] = [
  [undefined, 'undefined'],
  [null, 'null'],
  [1, 'a number'],
  ['', 'a string'],
  [[], 'an array'],
  [{}, 'an object without properties'],
  [{ port: 1, host: 2 }, 'an object (port, host)'],
  [
    Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${at}`, at])),
    'an object (k0, k1, k2, k3, k4, k5, k6, k7, …)',
  ],
  [new Map(), 'a Map without properties'],
  [(_one: unknown) => {}, 'a function of 1 argument'],
  [class Application {}, 'the class Application'],
]

for (const [value, words] of values) {
  test(`a value is ${words}`, () => {
    assert.equal(describeValue(value), words)
  })
}

test('the exports of a module are listed with what they are', () => {
  assert.equal(
    describeExports({ default: {}, port: 1, make: () => {} }),
    'port (a number), make (a function of 0 arguments)',
  )
  assert.equal(describeExports({ default: {} }), 'nothing')
})

test('of many requests the first ten are told', () => {
  const requests = Array.from({ length: 12 }, (_, at) => ({ method: 'GET', url: `/${at}`, ageMs: 1234 * at }))
  const told = describeRequests(requests)
  assert.equal(told.length, 11)
  assert.equal(told[1], 'GET /1 (1.2 s)')
  assert.deepEqual(describeRequests([{ method: 'GET', url: '/a', ageMs: 900, id: '7f' }]), ['GET /a (0.9 s, id 7f)'])
  assert.equal(told[10], 'and 2 more')
})
