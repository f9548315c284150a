import assert from 'node:assert/strict'
import test from 'node:test'
import { defineConfig, type ServerConfig } from '../../../src/index.ts'

test('an editor accepts a config file as people write it', () => {
  const config = defineConfig({
    app: './app.ts',
    workers: 'auto',
    bind: ['unix:/run/a.sock', 8000],
    timeout: '30s',
    umask: 0o7,
  })
  assert.equal(config.workers, 'auto')
  assert.equal(typeof defineConfig(async () => ({ workers: 2 })), 'function')
})

test('an editor marks what the server would refuse', () => {
  // @ts-expect-error a misspelled name
  defineConfig({ wokers: 2 })
  // @ts-expect-error a number is no text
  defineConfig({ workers: '2' })
  // @ts-expect-error a level that does not exist
  defineConfig({ logLevel: 'loud' })
  // @ts-expect-error only a flag
  defineConfig({ checkConfig: true })
  // @ts-expect-error only a flag or in the environment
  defineConfig({ config: './other.ts' })
  // @ts-expect-error wrong within a function too
  defineConfig(() => ({ wokers: 2 }))
})

test('a settled config cannot be changed, and its words are known', () => {
  const change = (config: ServerConfig) => {
    // @ts-expect-error read-only
    config.workers = 2
  }
  const level: ServerConfig['logLevel'] = 'warning'
  assert.deepEqual([typeof change, level], ['function', 'warning'])
})

test('an editor knows what each hook gets', () => {
  const config = defineConfig({
    whenReady: (server) => server.workers.map(({ pid }) => pid),
    workersChanged: (_server, now, before) => now - (before ?? 0),
    childExit: async (_server, worker, exit) => `${worker.slot} ${exit.signal}`,
    postRequest: (worker, request, response, milliseconds) => [
      worker.id,
      request.url,
      response.statusCode,
      milliseconds,
    ],
  })
  assert.equal(typeof config.whenReady, 'function')
  // @ts-expect-error there is no such fact
  defineConfig({ whenReady: (server) => server.port })
  // @ts-expect-error a hook is a function
  defineConfig({ onExit: 'bye' })
})
