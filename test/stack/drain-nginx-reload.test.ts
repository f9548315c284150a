import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../helpers/until.ts'
import { behindNginx, type Event } from './behind-nginx.ts'
import { needs } from './needs.ts'

const skip = needs('nginx', 'openssl')

test('twenty reloads behind nginx lose nothing', { skip }, async () => {
  const event: Event = async (server) => {
    const done = () => server.log.filter((line) => /reloaded: 2 workers replaced/.test(line)).length
    for (let round = 1; round <= 20; round += 1) {
      server.signal('SIGHUP')
      await until(() => done() === round, { what: `reload ${round}`, within: 30_000 })
    }
  }
  assert.deepEqual(await behindNginx(event), [])
})
