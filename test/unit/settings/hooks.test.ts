import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPaint } from '../../../src/cli/paint.ts'
import { formatConfig } from '../../../src/cli/print-config.ts'
import { environmentSource } from '../../../src/settings/environment.ts'
import { fileSource } from '../../../src/settings/file-source.ts'
import { resolve } from '../../../src/settings/resolve.ts'
import { serverTable } from '../../../src/settings/server-table.ts'

test('the hooks are those of Gunicorn that make sense here', () => {
  const names = Object.entries(serverTable).flatMap(([name, { section }]) => (section === 'Hooks' ? [name] : []))
  const master = ['onStarting', 'whenReady', 'onReload', 'preSpawn', 'childExit', 'workerAbort', 'workersChanged']
  const worker = ['postSpawn', 'workerReady', 'workerExit', 'preRequest', 'postRequest']
  assert.deepEqual(names.sort(), [...master, ...worker, 'onExit'].sort())
})

test('a printed config names the function of a hook', () => {
  const source = fileSource('config file', { onReload: () => {}, whenReady: function tellPeers() {} })
  const settled = resolve(serverTable, [], [source])
  assert.ok(settled.ok)
  const text = formatConfig(serverTable, settled, createPaint({}, {})).replace(/ +/g, ' ')
  assert.match(text, /^onReload = \[function onReload\] # from config file$/m)
  assert.match(text, /^whenReady = \[function tellPeers\]/m)
  assert.match(text, /^onExit = none # default$/m)
})

test('what is no function is refused with what would be one', () => {
  const resolution = resolve(serverTable, [], [fileSource('config file /srv/c.json', { onReload: 'notify()' })])
  assert.ok(!resolution.ok)
  const [complaint] = resolution.complaints
  assert.equal(complaint?.setting, 'onReload')
  assert.match(complaint?.expected ?? '', /a function, which only a \.ts, \.mts, \.js or \.mjs file can hold/)
})

test('a hook belongs in a config file, not in the environment', () => {
  const resolution = resolve(serverTable, [], [environmentSource(serverTable, { TSICORN_ON_EXIT: 'x' })])
  assert.ok(!resolution.ok)
  assert.match(resolution.complaints[0]?.expected ?? '', /in a config file, as onExit/)
})
