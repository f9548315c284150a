import assert from 'node:assert/strict'
import test from 'node:test'
import { accessAtoms, namedFormats, parseAccessFormat } from '../../../src/settings/access-format.ts'
import { accessFormat } from '../../../src/settings/kinds/access-format.ts'

test('a format is texts, names and header fields in their order', () => {
  assert.deepEqual(parseAccessFormat('a %(h)s [%({X-Id}i)s] %({etag}o)s'), {
    ok: true,
    value: [
      { type: 'text', text: 'a ' },
      { type: 'atom', atom: 'h' },
      { type: 'text', text: ' [' },
      { type: 'field', field: 'i', name: 'X-Id' },
      { type: 'text', text: '] ' },
      { type: 'field', field: 'o', name: 'etag' },
    ],
  })
})

test('every name of the table, and every named format, is accepted', () => {
  for (const name of Object.keys(accessAtoms)) assert.ok(parseAccessFormat(`%(${name})s`).ok, name)
  for (const name of [...Object.keys(namedFormats), 'json']) assert.ok(accessFormat.parse(name).ok, name)
})

const refusals: readonly (readonly [string, string, RegExp])[] = [
  ['a name nobody knows', '%(h)s %(hh)s', /%\(hh\)s is none of its names: h, l, u/],
  ['a bracket left open', '%(h)s %(s', /"%\(" without "\)s"/],
  ['a name without the s', '%(h) %(s)s', /without/],
  ['a text without any name', 'hello', /every line would be the same/],
  ['an empty text', '', /every line would be the same/],
  ['a header that is no header name', '%({a b}i)s', /unknown/],
  ['a name that would end the line', '%(h\n)s', /unknown|control/],
  ['a line break', '%(h)s\n%(s)s', /line|control/],
]

for (const [what, format, problem] of refusals) {
  test(`a format with ${what} is refused, and the refusal says why`, () => {
    const reading = accessFormat.parse(format)
    assert.ok(!reading.ok)
    assert.match(reading.problem, problem)
  })
}
