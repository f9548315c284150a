import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { markFile, readMark, withoutMark } from '../../../src/bundle/mark.ts'
import { full, renderAll } from './site.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))

const marked = renderAll(full).filter(({ path }) => path !== 'site.json')

for (const { path, content } of marked) {
  test(`${path} carries the version, the site and the hash of its content`, () => {
    const mark = readMark(content)
    assert.deepEqual([mark?.version, mark?.name, mark?.untouched], [version, 'shop', true])
  })

  test(`any edit of ${path} is seen`, () => {
    const at = content.length - 3
    for (const edited of [`${content}\n`, `${content.slice(0, at)}X${content.slice(at + 1)}`, content.slice(0, -1)]) {
      assert.equal(readMark(edited)?.untouched, false)
    }
  })
}

test('a mark can be taken off again', () => {
  for (const path of ['a.conf', 'a.md', 'a.html', 'a.json']) {
    const content = '{\n  "a": 1\n}\n'
    assert.equal(withoutMark(markFile({ path, content, mode: 0o644 }, 'x').content), content, path)
  }
})

test('a file without a mark, or with one somewhere inside, was written by somebody else', () => {
  const [first] = marked
  assert.equal(readMark(''), null)
  assert.equal(readMark('# mine\n'), null)
  assert.equal(readMark(`# mine\n${first?.content}`), null)
})
