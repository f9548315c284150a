import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startOrder } from '../../../src/arbiter/start-order.ts'
import { resolve } from '../../../src/settings/resolve.ts'
import { type ServerConfig, serverTable } from '../../../src/settings/server-table.ts'

const rest = { worker: 1, slot: 1, generation: 1, listeners: [], trial: false, isServed: false } as const
const script = { path: '/srv/tsicorn.config.ts', text: 'export default { … }' }

function configOf(values: Readonly<Record<string, unknown>>): ServerConfig {
  const raw = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { from: name, value }]))
  const resolution = resolve(serverTable, [], [{ layer: 'file', label: 'config file', values: raw }])
  assert.ok(resolution.ok)
  return { ...resolution.config, script }
}

test('a worker gets the text of the config file only when that has hooks for workers, and never a function', () => {
  const none = startOrder(rest, configOf({ onExit: () => {} }))
  assert.equal('hooks' in none, false)
  assert.equal(none.config.onExit, null)
  const some = startOrder(rest, configOf({ onExit: () => {}, workerReady: () => {}, preRequest: () => {} }))
  assert.deepEqual(some.hooks, { ...script, names: ['workerReady', 'preRequest'] })
})

test('what a worker reads is what the master sent', () => {
  const order = startOrder(rest, configOf({ workerReady: () => {}, workers: 3 }))
  assert.deepEqual(JSON.parse(JSON.stringify(order)), order)
})
