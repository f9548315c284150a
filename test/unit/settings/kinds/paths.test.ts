import assert from 'node:assert/strict'
import test from 'node:test'
import { environmentPairs } from '../../../../src/settings/kinds/environment-pair.ts'
import { optional } from '../../../../src/settings/kinds/optional.ts'
import { fileOrDash, path } from '../../../../src/settings/kinds/path.ts'
import { secretPath, urlPath } from '../../../../src/settings/kinds/url-path.ts'
import { acceptAll, parseAll, reason, refused } from './readings.ts'

const rules = { placeholder: 'FILE', expects: 'a file' }

test('a relative path is taken from the directory that is given, an absolute one stays', () => {
  const file = path(rules)
  assert.deepEqual(
    ['a.pid', '../b', '/c'].map((value) => file.anchor?.(value, '/srv/app')),
    ['/srv/app/a.pid', '/srv/b', '/c'],
  )
})

test('- stays the standard stream wherever it is read', () => {
  assert.equal(fileOrDash(rules).anchor?.('-', '/srv'), '-')
  assert.equal(fileOrDash(rules).anchor?.('x.log', '/srv'), '/srv/x.log')
})

test('a path that nobody can mean is refused with the reason', () => {
  const file = path(rules)
  assert.equal(reason(file, ''), 'the path is empty')
  assert.match(reason(file, '~/x') ?? '', /shells only/)
  assert.match(reason(file, 'a\nb') ?? '', /U\+000A/)
  assert.match(reason(file, 'a\u0000') ?? '', /U\+0000/)
  assert.match(reason(file, 'a'.repeat(5000)) ?? '', /4095 bytes/)
  assert.deepEqual(acceptAll(file, [3, null, ['a']]), [refused, refused, refused])
})

test('null leaves an optional setting out, and nothing else does', () => {
  const file = optional(path(rules))
  assert.deepEqual(acceptAll(file, [null, 'a', undefined, '', false]), [null, 'a', refused, refused, refused])
  assert.equal(file.anchor?.(null, '/srv'), null)
  assert.equal(file.format(null), '')
})

test('a health path is a path of a URL as it goes over the wire', () => {
  assert.deepEqual(parseAll(urlPath, ['/', '/health?deep=1', '/%C3%A9']), ['/', '/health?deep=1', '/%C3%A9'])
  for (const text of ['', 'health', '//evil.test', 'http://x/', '/a b', '/é', '/a#b', '/a\r\nX: y']) {
    assert.deepEqual(parseAll(urlPath, [text]), [refused], JSON.stringify(text))
  }
})

test('a secret path is long enough not to be guessed', () => {
  assert.deepEqual(parseAll(secretPath, ['/tsicorn-0123456789abcdef']), ['/tsicorn-0123456789abcdef'])
  assert.deepEqual(parseAll(secretPath, ['/short', '/a/b/c/d/e/f/g', 'noslash123456789', '/']), Array(4).fill(refused))
})

test('a variable is a name, an equals sign and any text: commas and spaces are part of it', () => {
  assert.deepEqual(parseAll(environmentPairs, ['A=b, c=d', '_X1=']), [['A=b, c=d'], ['_X1=']])
  for (const text of ['A', '=b', '1A=b', 'A-B=c', 'A =b', '', 'A=b\nC=d', 'A=\u0000']) {
    assert.deepEqual(parseAll(environmentPairs, [text]), [refused], JSON.stringify(text))
  }
})

test('of a variable only the name may be shown', () => {
  assert.equal(environmentPairs.redact?.(['PASSWORD=hunter2', 'B=c']), 'PASSWORD=(not shown) B=(not shown)')
})
