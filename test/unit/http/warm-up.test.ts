import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Server, type ServerResponse } from 'node:http'
import { test } from 'node:test'
import { warmUp } from '../../../src/http/warm-up.ts'
import { resolve } from '../../../src/settings/resolve.ts'
import { serverTable } from '../../../src/settings/server-table.ts'

const defaults = resolve(serverTable, [], [])
const finished = 'http.server.response.finish'

test('warming up lets requests pass the front door, answers them, and tells no listener of them', async (context) => {
  assert.ok(defaults.ok)
  const statuses: number[] = []
  const take = (message: unknown): void => {
    const { request, response } = message as { request: { headers: object }; response: ServerResponse }
    assert.ok('x-request-id' in request.headers, 'the door was passed')
    statuses.push(response.statusCode)
  }
  subscribe(finished, take)
  context.after(() => unsubscribe(finished, take))
  const told = context.mock.method(Server.prototype, 'emit')
  await warmUp(defaults.config)
  assert.deepEqual(statuses, [200, 200])
  const events = told.mock.calls.map((call) => call.arguments[0])
  assert.deepEqual([...new Set(events)], ['connection'])
})

test('warming up leaves nothing behind that keeps the process alive', async () => {
  assert.ok(defaults.ok)
  const before = process.getActiveResourcesInfo()
  await warmUp(defaults.config)
  assert.deepEqual(process.getActiveResourcesInfo(), before)
})
