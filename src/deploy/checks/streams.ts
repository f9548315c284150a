import { randomBytes } from 'node:crypto'
import { probeRoutes } from '../../contract/probe.ts'
import { type Check, fail, judge, pass, type Verdict } from '../check.ts'
import { type FirstEvent, firstEvent } from '../event-stream.ts'
import { type CheckTarget, frontDoor, probeOf } from '../target.ts'
import { echoOnce, handshakeFields, RefusedHandshake } from '../websocket.ts'
import { withoutProbe } from './exemptions.ts'
import { fieldValues, viewOf } from './view.ts'

/** The promise: an event is with the client within a second. */
const promisedMs = 1000

/** A busy machine may be late once; a proxy that collects the stream is late every time. */
const attempts = 3

export const webSocket: Check = {
  id: 'websocket.echo',
  layer: 'live',
  group: 'Streams',
  title: 'A WebSocket opens and echoes',
  why: 'Without the upgrade fields the handshake is answered like a page, and live parts of the application stay dead.',
  how: 'WebSocket handshake, one masked text frame, and the frame that comes back',
  needs: ['app.answers'],
  active: false,
  within: 15_000,
  exempt: withoutProbe,
  run: async (target) => {
    const text = `tsicorn ${randomBytes(4).toString('hex')}`
    const expected = 'status 101, and the same text back'
    try {
      const echoed = await echoOnce(frontDoor(target), probeOf(target, probeRoutes.echo), text)
      return echoed === text ? pass(expected, 'status 101, echoed') : fail(expected, echoed, target.renderAgain)
    } catch (error) {
      if (target.host !== null && error instanceof RefusedHandshake && error.status === 426) return judgeFields(target)
      return fail(expected, wordsOf(error), target.renderAgain)
    }
  },
}

/** To an application that takes no WebSockets, Node.js gives the handshake as a plain request: it has to arrive whole. */
async function judgeFields(target: CheckTarget): Promise<Verdict> {
  const headers = handshakeFields(randomBytes(16).toString('base64'))
  const view = await viewOf(target, { headers })
  const problems = Object.entries(headers)
    .filter(([name, value]) => fieldValues(view, name).join().toLowerCase() !== value.toLowerCase())
    .map(([name]) => `the application receives ${name}: ${fieldValues(view, name).join() || 'nothing'}`)
  const expected = 'the handshake arrives with all its fields'
  return judge(expected, 'so, and the application takes no WebSockets', problems, target.renderAgain)
}

export const serverSentEvents: Check = {
  id: 'sse.first-event',
  layer: 'live',
  group: 'Streams',
  title: 'The first server-sent event comes within a second',
  why: 'A proxy that buffers keeps events back until it has kilobytes of them.',
  how: `an event stream that sends one event at once and one a second; the time to the first, up to ${attempts} times`,
  needs: ['app.answers'],
  active: false,
  within: 30_000,
  exempt: withoutProbe,
  run: checkEvents,
}

async function checkEvents(target: CheckTarget): Promise<Verdict> {
  const expected = `an event within ${promisedMs} ms`
  const found: string[] = []
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const event = await firstEvent(frontDoor(target), probeOf(target, probeRoutes.events), 3 * promisedMs)
    if (event.status !== null && event.status !== 200) return fail(expected, `status ${event.status}`)
    if (event.after !== null && event.after <= promisedMs) return pass(expected, `after ${Math.round(event.after)} ms`)
    found.push(describe(event))
  }
  return judge(expected, '', [`in ${attempts} attempts: ${found.join(', ')}`], target.renderAgain)
}

function describe({ after, ended }: FirstEvent): string {
  if (after === null) return ended ? 'none until the stream ended' : `none within ${3 * promisedMs} ms`
  return `after ${Math.round(after)} ms`
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
