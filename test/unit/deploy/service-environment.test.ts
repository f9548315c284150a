import assert from 'node:assert/strict'
import test from 'node:test'
import { serviceEnvironment } from '../../../src/deploy/service-environment.ts'

test('the service sees nothing else of the shell than what systemd would pass on', () => {
  const own = {
    PATH: '/usr/bin',
    HOME: '/root',
    PORT: '3000',
    NODE_OPTIONS: '--inspect',
    TSICORN_WORKERS: '9',
    TZ: undefined,
  }
  assert.deepEqual(serviceEnvironment({ own, given: { STATE_DIRECTORY: '/s' } }), {
    PATH: '/usr/bin',
    HOME: '/root',
    NODE_ENV: 'production',
    STATE_DIRECTORY: '/s',
  })
})
