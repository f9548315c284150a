import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRefusalLog } from '../../../src/http/refusal-log.ts'
import { refusals } from '../../../src/http/refusals.ts'
import type { LogFields } from '../../../src/log/logger.ts'

type Line = { readonly fields: LogFields; readonly message: string }

/** A log whose clock stands where it is put, and what it was told to do later. */
function open() {
  const clock = { now: 0 }
  const lines: Line[] = []
  const waiting: { readonly at: number; readonly act: () => void }[] = []
  const log = createRefusalLog({
    clock,
    write: (fields, message) => void lines.push({ fields, message }),
    later: (act, ms) => void waiting.push({ at: clock.now + ms, act }),
  })
  const goTo = (now: number): void => {
    clock.now = now
    for (const due of waiting.splice(0)) {
      if (due.at <= now) due.act()
      else waiting.push(due)
    }
  }
  return { log, lines, goTo }
}

const about = { client: '192.0.2.1', method: 'GET', url: '/path?secret=1' }

test('every reason is told in our own words, with client, method and path, and never with the query', () => {
  for (const refusal of Object.values(refusals)) {
    const { log, lines } = open()
    log.tell(refusal, about)
    const [line] = lines
    const expected = { event: 'request.refused', ...refusal, client: '192.0.2.1', method: 'GET', path: '/path' }
    assert.deepEqual(line?.fields, expected)
    assert.equal(line?.message, `refused a GET request from 192.0.2.1 with ${refusal.status}: ${refusal.reason}`)
  }
})

test('of a flood so many lines are written and the rest is counted, and none is forgotten', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 })
  fc.assert(
    fc.property(pauses, (given) => {
      const { log, lines, goTo } = open()
      let now = 0
      for (const pause of given) {
        now += pause
        goTo(now)
        log.tell(refusals.host, about)
      }
      goTo(now + 10_000)
      const [single, sums] = [
        lines.filter(({ fields }) => fields['event'] === 'request.refused'),
        lines.filter(({ fields }) => fields['event'] === 'request.refused-more'),
      ]
      const counted = sums.reduce((all, { fields }) => all + Number(fields['count']), 0)
      assert.equal(single.length + counted, given.length)
      assert.equal(log.count(), given.length)
    }),
  )
})

test('a hundred refusals at once are twenty lines, and one more that counts the others', () => {
  const { log, lines, goTo } = open()
  for (let count = 0; count < 100; count += 1) log.tell(refusals.host, about)
  assert.equal(lines.length, 20)
  goTo(9_999)
  assert.equal(lines.length, 20)
  goTo(10_000)
  assert.equal(lines.length, 21)
  assert.equal(lines.at(-1)?.message, 'refused 80 more requests: 80 with 400')
})
