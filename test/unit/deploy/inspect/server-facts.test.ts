import assert from 'node:assert/strict'
import test from 'node:test'
import { serverFacts } from '../../../../src/deploy/inspect/server-facts.ts'

test('what the config file says is read with its kind, and the rest is as by default', () => {
  const facts = serverFacts('{ "keepAlive": "90s", "workers": 3, "timeout": "never" }')
  assert.deepEqual([facts.value('keepAlive'), facts.value('workers'), facts.value('timeout')], [90_000, 3, 30_000])
  assert.equal(serverFacts('{').value('workers'), 1)
})
