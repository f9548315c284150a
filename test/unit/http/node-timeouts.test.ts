import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { lookOften, setNodeTimeouts } from '../../../src/http/node-timeouts.ts'

const times = { keepAlive: 75_000, headerTimeout: 80_000 }
const limitsOf = (given: { headersTimeout?: number; requestTimeout?: number }, wanted = times) => {
  const server = Object.assign(createServer(), given)
  setNodeTimeouts(server, wanted)
  const { keepAliveTimeout, headersTimeout, requestTimeout } = server
  return { keepAliveTimeout, headersTimeout, requestTimeout }
}

test('the limits are ours, and no upload is cut after five minutes', () => {
  assert.deepEqual(limitsOf({}), { keepAliveTimeout: 75_000, headersTimeout: 80_000, requestTimeout: 0 })
})

test('the time for a head stays above that for an idle connection when only the latter is raised', () => {
  assert.equal(limitsOf({}, { keepAlive: 300_000, headerTimeout: 80_000 }).headersTimeout, 301_000)
})

test('what the application limits more strictly stays so, and what it limits less does not', () => {
  assert.equal(limitsOf({ headersTimeout: 5000 }).headersTimeout, 5000)
  assert.equal(limitsOf({ headersTimeout: 500_000 }).headersTimeout, 80_000)
  assert.equal(limitsOf({ headersTimeout: 0 }).headersTimeout, 80_000)
  assert.equal(limitsOf({ requestTimeout: 0 }).requestTimeout, 0)
})

test('an application that limits whole requests limits their heads too: Node would mix the two up', () => {
  const { headersTimeout, requestTimeout } = limitsOf({ requestTimeout: 20_000 })
  assert.deepEqual([headersTimeout, requestTimeout], [20_000, 20_000])
})

test('overdue heads are looked for often', () => {
  const server = createServer()
  lookOften(server)
  assert.equal(Reflect.get(server, 'connectionsCheckingInterval'), 500)
  const keen = createServer({ connectionsCheckingInterval: 50 })
  lookOften(keen)
  assert.equal(Reflect.get(keen, 'connectionsCheckingInterval'), 50)
})
