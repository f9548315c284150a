import assert from 'node:assert/strict'
import test from 'node:test'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

test('the master has the garbage collected that a replaced worker leaves, and no worker does', async () => {
  await using dir = await tempDir()
  const code = `import { constants, PerformanceObserver } from 'node:perf_hooks'
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries())
    if (detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) process._rawDebug('collected in ' + process.pid)
}).observe({ entryTypes: ['gc'] })
export default { workers: 1 }`
  await using server = await startServer({ app: 'hello', flags: ['--config', await dir.write('config.mjs', code)] })
  assert.deepEqual(
    server.log.filter((line) => /^collected/.test(line)),
    [],
  )
  server.signal('SIGHUP')
  await server.expectLog(/reloaded: 1 worker/)
  await server.expectLog(/^collected in/, { within: 60_000 })
  const told = server.log.filter((line) => /^collected/.test(line))
  assert.deepEqual([...new Set(told)], [`collected in ${server.pid}`])
})
