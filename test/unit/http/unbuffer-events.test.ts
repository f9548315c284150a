import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { unbufferEvents } from '../../../src/http/unbuffer-events.ts'

/** The head of an answer, as it would be sent, to a proxy or to somebody else. */
function headOf(write: (response: ServerResponse) => unknown, { toProxy = true } = {}): string {
  // The first of them has the class of all answers replaced.
  const proxy = new Socket()
  unbufferEvents(proxy)
  const request = new IncomingMessage(toProxy ? proxy : new Socket())
  const response = new ServerResponse(request)
  write(response)
  return String(Reflect.get(response, '_header'))
}

const events = 'text/event-stream; charset=utf-8'
const ways: readonly (readonly [what: string, write: (response: ServerResponse) => unknown])[] = [
  ['is set', (response) => response.setHeader('Content-Type', events).flushHeaders()],
  ['is set, and the answer begins', (response) => response.setHeader('content-type', events).write('data: a\n\n')],
  [
    'is set, and other fields are given',
    (response) => response.setHeader('content-type', events).writeHead(200, { a: 'b' }),
  ],
  ['is given', (response) => response.writeHead(200, { 'Content-Type': events })],
  ['is given with words', (response) => response.writeHead(200, 'fine', { 'content-type': 'TEXT/Event-Stream' })],
  ['is given in a list', (response) => response.writeHead(200, ['A', 'b', 'Content-Type', events])],
  ['is given in pairs', (response) => response.writeHead(200, [['Content-Type', events]] as unknown as string[])],
]

for (const [what, write] of ways) {
  test(`an event stream asks a proxy not to hold it back, once, when its type ${what}`, () => {
    const head = headOf(write)
    assert.deepEqual(head.match(/x-accel-buffering.*/gi), ['X-Accel-Buffering: no'])
    assert.equal(head.match(/text\/event-stream/gi)?.length, 1)
    assert.doesNotMatch(headOf(write, { toProxy: false }), /x-accel/i)
  })
}

test('what an event stream says about buffering itself stays as it is, and other answers say nothing', () => {
  const said = headOf((response) => response.writeHead(200, { 'content-type': events, 'x-accel-buffering': 'yes' }))
  assert.deepEqual(said.match(/x-accel-buffering.*/gi), ['x-accel-buffering: yes'])
  const set = headOf((response) =>
    response.setHeader('X-Accel-Buffering', 'yes').setHeader('content-type', events).end(),
  )
  assert.deepEqual(set.match(/x-accel-buffering.*/gi), ['X-Accel-Buffering: yes'])
  for (const type of ['text/html', 'text/event']) {
    assert.doesNotMatch(
      headOf((response) => response.writeHead(200, { 'content-type': type })),
      /x-accel/i,
    )
  }
  assert.doesNotMatch(
    headOf((response) => response.end()),
    /x-accel/i,
  )
})
