import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readGlob } from '../../../../src/arbiter/watch/glob.ts'

const cases: readonly (readonly [pattern: string, matches: readonly string[], others: readonly string[]])[] = [
  ['/app/.env', ['/app/.env'], ['/app/xenv', '/app/.env.local']],
  ['/app/*.html', ['/app/a.html', '/app/.html'], ['/app/b/a.html', '/app/a.htmlx', '/other/a.html']],
  ['/app/**/*.html', ['/app/a.html', '/app/b/c/a.html'], ['/app/a.css', '/a.html']],
  ['/app/views/**', ['/app/views/a', '/app/views/b/c.ejs'], ['/app/view/a']],
  ['/app/?.txt', ['/app/a.txt'], ['/app/ab.txt', '/app//.txt']],
  ['/app/*.{css,html}', ['/app/a.css', '/app/a.html'], ['/app/a.js', '/app/a.cssx']],
  ['/app/[a-c][!x].js', ['/app/ab.js'], ['/app/db.js', '/app/ax.js']],
  ['/app/a+(b)|c.js', ['/app/a+(b)|c.js'], ['/app/aab.js']],
]

for (const [pattern, matches, others] of cases) {
  test(`${pattern} means what a shell would take it for`, () => {
    const glob = readGlob(pattern)
    for (const path of matches) assert.ok(glob.matches(path), path)
    for (const path of others) assert.ok(!glob.matches(path), path)
  })
}

test('a pattern is looked for no higher and no deeper than it can match', () => {
  const place = (pattern: string) => {
    const { base, deep } = readGlob(pattern)
    return [base, deep]
  }
  assert.deepEqual(place('/app/.env'), ['/app', false])
  assert.deepEqual(place('/app/views/*.html'), ['/app/views', false])
  assert.deepEqual(place('/app/*/a.html'), ['/app', true])
  assert.deepEqual(place('/app/views/**'), ['/app/views', true])
  assert.deepEqual(place('/*.html'), ['/', false])
})
