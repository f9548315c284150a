import assert from 'node:assert/strict'
import test from 'node:test'
import { JsonProblem, parseJson } from '../../../../src/settings/file/parse-json.ts'

function problem(text: string): string {
  try {
    return `accepted: ${JSON.stringify(parseJson(text))}`
  } catch (error) {
    if (error instanceof JsonProblem) return `${error.line}:${error.column} ${error.message}`
    throw error
  }
}

test('JSON is read as JSON.parse reads it', () => {
  const texts = [
    ...['{}', '[]', '"a"', '0', '-0', '1e3', '1.5E-2', 'true', 'false', 'null', ' [ 1 , [ ] , { } ] '],
    ...['{"a":{"b":[1,2,{"c":null}]}}', '"\\u00e9\\n\\"\\\\\\/"', '"é🙂"', '\r\n{\t"a" : 1 }\r\n', '"\\ud83d\\ude42"'],
  ]
  for (const text of texts) assert.deepEqual(parseJson(text), JSON.parse(text), text)
})

test('what JSON.parse refuses is refused', () => {
  const texts = [
    ...[
      '',
      ' ',
      '{',
      '[',
      '"',
      '{"a"}',
      '{"a":}',
      '{a:1}',
      "{'a':1}",
      '[1,]',
      '{"a":1,}',
      '[,1]',
      '01',
      '+1',
      '.5',
      '1.',
    ],
    ...[
      '"\n"',
      '"\t"',
      '"\\x41"',
      '"\\u12"',
      'nul',
      'TRUE',
      'NaN',
      'Infinity',
      '1 2',
      '{}{}',
      '\u00a0{}',
      '-',
      '1e',
      'truefalse',
    ],
  ]
  for (const text of texts) {
    assert.throws(() => JSON.parse(text), text)
    assert.doesNotMatch(problem(text), /^accepted/, text)
  }
})

test('the place and the reason of a mistake are told', () => {
  assert.equal(problem('{\n  "workers": 4\n  "app": "x"\n}'), '3:3 expected a comma or }, got "\\""')
  assert.equal(problem('{\n  workers: 4 }'), '2:3 expected a name in double quotes, got "w"')
  assert.equal(problem('{"a": 1,\n}'), '2:1 expected no comma before }')
  assert.equal(problem('{"a": 1'), '1:8 expected a comma or }, got the end of the file')
  assert.match(problem('{\n  // four\n  "workers": 4 }'), /^2:3 expected no comment/)
  assert.match(problem('{"a": "x\n"}'), /^1:7 expected a text that is closed on its line/)
  assert.equal(problem('{} x'), '1:4 expected the end of the file')
})

test('a name that stands twice is refused, where JSON.parse would obey the second in silence', () => {
  assert.equal(problem('{"workers": 2,\n "workers": 4}'), '2:2 "workers" stands here a second time')
})

test('__proto__ is a name like any other and changes no prototype', () => {
  const parsed = parseJson('{"__proto__": {"workers": 9}}') as Record<string, unknown>
  assert.deepEqual(Object.keys(parsed), ['__proto__'])
  assert.equal(Object.getPrototypeOf(parsed), Object.prototype)
})

test('nesting without end is refused before the stack is full', () => {
  assert.equal(problem('['.repeat(100_000)), '1:51 expected at most 50 levels')
})
