import assert from 'node:assert/strict'
import test from 'node:test'
import { account } from '../../../../src/settings/kinds/account.ts'
import { choice } from '../../../../src/settings/kinds/choice.ts'
import { applicationSpec, displayName } from '../../../../src/settings/kinds/names.ts'
import { onOff } from '../../../../src/settings/kinds/switch.ts'
import { umask } from '../../../../src/settings/kinds/umask.ts'
import { acceptAll, parseAll, reason, refused } from './readings.ts'

test('a choice is one of its words and nothing that only looks like one', () => {
  const level = choice(['debug', 'info'])
  assert.deepEqual(parseAll(level, ['info', 'INFO', 'warn', '', 'toString', '__proto__']), [
    'info',
    ...Array(5).fill(refused),
  ])
  assert.deepEqual(acceptAll(level, ['debug', 0, null, ['debug']]), ['debug', refused, refused, refused])
})

test('a switch in the environment is a word for on or off; in a config file it is true or false', () => {
  assert.deepEqual(parseAll(onOff, ['true', 'yes', 'on', '1', 'false', 'no', 'off', '0']), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ])
  assert.deepEqual(parseAll(onOff, ['', 'TRUE', '2', 'constructor']), Array(4).fill(refused))
  assert.deepEqual(acceptAll(onOff, [true, false, 'true', 1, null]), [true, false, refused, refused, refused])
})

test('a umask in a text is octal, with or without a leading zero', () => {
  assert.deepEqual(parseAll(umask, ['7', '007', '022', '0o27', '777', '0']), [0o7, 0o7, 0o22, 0o27, 0o777, 0])
  assert.deepEqual(
    parseAll(umask, ['999', '8', '1000', '7777', '-7', '', '0x7', '7 ', '00007']),
    Array(9).fill(refused),
  )
})

test('a umask in a config file is a number as the language has it, or an octal text', () => {
  assert.deepEqual(acceptAll(umask, [0o027, '027', 0]), [0o27, 0o27, 0])
  assert.deepEqual(acceptAll(umask, [0o1000, -1, 1.5, Number.NaN, null, '999']), Array(6).fill(refused))
  assert.equal(umask.format(0o7), '0007')
})

test('user and group names are names or numbers, never an option or a path', () => {
  const user = account('user')
  assert.deepEqual(parseAll(user, ['www-data', '_apt', 'host$', '0', '1000']), [
    'www-data',
    '_apt',
    'host$',
    '0',
    '1000',
  ])
  for (const text of ['', '-x', 'no such user!', 'a/b', 'a:b', '007', 'a\nb', 'é', 'a'.repeat(40), '-1', '1e3']) {
    assert.deepEqual(parseAll(user, [text]), [refused], JSON.stringify(text))
  }
})

test('a name for people is short and plain', () => {
  assert.deepEqual(parseAll(displayName, ['shop', 'shop-2.eu']), ['shop', 'shop-2.eu'])
  assert.deepEqual(parseAll(displayName, ['', 'a b', 'a\nb', 'a]', 'a'.repeat(65)]), Array(5).fill(refused))
})

test('an application is any path or package, but not nothing', () => {
  assert.deepEqual(parseAll(applicationSpec, ['./app.js', './my app.js:app', '@scope/pkg']), [
    './app.js',
    './my app.js:app',
    '@scope/pkg',
  ])
  assert.deepEqual(parseAll(applicationSpec, ['', ' ', ':app', 'a\u0000b']), Array(4).fill(refused))
  assert.match(reason(applicationSpec, 'a\u001b[2Jb') ?? '', /U\+001B at position 2/)
})
