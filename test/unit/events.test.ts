import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { eventChapters, events } from '../../src/contract/events.ts'
import { repository } from '../helpers/repository.ts'

type Logged = { readonly event: string; readonly level: string | null; readonly path: string }

function sources(): readonly { readonly path: string; readonly text: string }[] {
  const root = join(repository, 'src')
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Every place of the code that logs: the event and, where it is written there, the level. */
function logged(): readonly Logged[] {
  return sources().flatMap(({ path, text }) => {
    const notes = [...text.matchAll(/\bnote\(\s*turn,\s*(?:'(\w+)'|\w+),\s*'([^']+)'/g)]
    const writes = [
      ...text.matchAll(/(?:\.(debug|info|warning|error|critical)\(|say\('(\w+)',|\w*\(?)\s*\{ event: '([^']+)'/g),
    ]
    return [
      ...notes.map(([, level, event = '']) => ({ event, level: level ?? null, path })),
      ...writes.map(([, level, said, event = '']) => ({ event, level: level ?? said ?? null, path })),
    ]
  })
}

const table: Readonly<Record<string, { readonly levels: readonly string[] }>> = events

test('everything that is logged has its row in the vocabulary, with its level', () => {
  const places = logged()
  assert.ok(places.length > 60, `${places.length} places are found`)
  const strange = places.filter(({ event, level }) => {
    const row = table[event]
    return row === undefined || (level !== null && !row.levels.includes(level))
  })
  assert.deepEqual(strange, [])
})

test('no record has an event that is put together, which nobody could look up', () => {
  const composed = sources().filter(({ text }) => /event: `|note\(\s*turn,\s*[^,]+,\s*`/.test(text))
  assert.deepEqual(
    composed.map(({ path }) => path),
    [],
  )
})

test('everything in the vocabulary is logged somewhere', () => {
  const names = new Set(logged().map(({ event }) => event))
  assert.deepEqual(
    Object.keys(events).filter((name) => !names.has(name)),
    [],
  )
})

test('a name is two words, short enough for the MSGID of syslog, in one chapter, with a meaning', () => {
  const names = eventChapters.flatMap(([, chapter]) => Object.keys(chapter))
  assert.deepEqual(names.sort(), Object.keys(events).sort())
  for (const [name, { means, act }] of Object.entries(events)) {
    assert.match(name, /^[a-z-]+\.[a-z-]+$/)
    assert.ok(name.length <= 32, name)
    assert.match(means, /^[A-Z].*[.]$/, name)
    assert.match(act ?? 'X.', /[.]$/, name)
  }
})
