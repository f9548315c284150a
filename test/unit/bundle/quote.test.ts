import assert from 'node:assert/strict'
import test from 'node:test'
import {
  execWord,
  logrotatePattern,
  markdownCode,
  nginxWord,
  plain,
  shellWord,
  unitLine,
  unitWord,
} from '../../../src/bundle/quote.ts'

test('what is plain stays as it is in every format', () => {
  for (const quote of [plain, nginxWord, unitLine, unitWord, execWord, shellWord, markdownCode]) {
    assert.equal(quote('/srv/app-1/x.js'), '/srv/app-1/x.js')
  }
})

test('a space is quoted where it would end a word', () => {
  assert.equal(nginxWord('/srv/my app'), '"/srv/my app"')
  assert.equal(unitWord('/srv/my app'), '"/srv/my app"')
  assert.equal(execWord('/srv/my app'), '"/srv/my app"')
  assert.equal(shellWord('/srv/my app'), "'/srv/my app'")
  assert.equal(unitLine('/srv/my app'), '/srv/my app')
  assert.equal(logrotatePattern('/var/log/my app', '*.log'), '"/var/log/my app/*.log"')
})

test('a percent sign is doubled in unit files, where it begins a specifier', () => {
  assert.equal(unitLine('/opt/100%done'), '/opt/100%%done')
  assert.equal(unitWord('/opt/100%done'), '/opt/100%%done')
  assert.equal(execWord('/opt/100%done'), '/opt/100%%done')
  assert.equal(nginxWord('/opt/100%done'), '/opt/100%done')
})

test('a dollar sign is doubled in commands of unit files, where it begins a variable, and refused where it cannot be written', () => {
  assert.equal(execWord('/opt/a$HOME/srv.js'), '/opt/a$$HOME/srv.js')
  assert.equal(unitLine('/opt/a$HOME'), '/opt/a$HOME')
  assert.equal(shellWord('/opt/a$HOME'), "'/opt/a$HOME'")
  assert.throws(() => nginxWord('/opt/a$HOME'), /cannot be written/)
  assert.throws(() => unitWord('/opt/a$HOME'), /cannot be written/)
})

test('a quote in a shell word is closed, escaped and opened again', () => {
  assert.equal(shellWord("it's"), `'it'\\''s'`)
})

test('a bar does not end the cell of a table', () => {
  assert.equal(markdownCode('a|b'), 'a\\|b')
})

const unwritable: readonly (readonly [name: string, quote: (text: string) => string, texts: readonly string[]])[] = [
  ['a plain text', plain, ['a b', 'a;b', 'a{', 'a$', 'a"', "a'", 'a\\', 'a%', 'a\nb', 'ü']],
  ['an nginx word', nginxWord, ['', 'a"b', "a'b", 'a\\b', 'a;b', 'a{b', 'a}b', 'a$b', 'a\nb', 'a\0b', 'a\tb']],
  ['a line of a unit', unitLine, ['', ' a', 'a ', 'a\\', 'a\nb', 'a\rb', 'a\0b', 'a\u2028b']],
  ['a word of a unit', unitWord, ['', 'a"b', "a'b", 'a\\b', 'a\nb', 'a\0b']],
  ['a command of a unit', execWord, ['', 'a"b', "a'b", 'a\\b', 'a\nb', 'a\0b']],
  ['a shell word', shellWord, ['', 'a\nb', 'a\0b', 'a\u001bb']],
  ['code in Markdown', markdownCode, ['', 'a`b', 'a\nb']],
  [
    'a logrotate pattern',
    (text) => logrotatePattern(text, '*.log'),
    ['a"b', 'a{b', 'a*b', 'a?b', 'a[b', 'a\\b', 'a\nb'],
  ],
]

for (const [name, quote, texts] of unwritable) {
  test(`${name} is never written with something in it that would mean more than itself`, () => {
    for (const text of texts) assert.throws(() => quote(text), /cannot be written as/, JSON.stringify(text))
  })
}

test('the error of a value that cannot be written shows it escaped', () => {
  assert.throws(() => unitLine('a\u001b[2Jb'), /"a\\x1b\[2Jb"/)
})
