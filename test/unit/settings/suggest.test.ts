import assert from 'node:assert/strict'
import test from 'node:test'
import { serverTable } from '../../../src/settings/server-table.ts'
import { distance, suggest } from '../../../src/settings/suggest.ts'

test('slips of the finger count as one each', () => {
  const pairs = [
    ['workers', 'wokers'],
    ['workers', 'worekrs'],
    ['workers', 'workerss'],
    ['workers', 'workars'],
  ] as const
  for (const [right, wrong] of pairs) assert.equal(distance(right, wrong), 1)
  assert.equal(distance('', 'abc'), 3)
  assert.equal(distance('same', 'same'), 0)
})

test('a name from Gunicorn or another server leads to ours', () => {
  const names = {
    wsgi_app: 'app',
    pidfile: 'pid',
    raw_env: 'env',
    errorlog: 'errorLogfile',
    'trust-proxy': 'forwardedAllowIps',
  }
  for (const [written, meant] of Object.entries(names)) assert.equal(suggest(serverTable, written), meant)
})

test('a name like none of ours leads nowhere, however long it is', () => {
  assert.equal(suggest(serverTable, 'colour'), null)
  assert.equal(suggest(serverTable, 'x'.repeat(100_000)), null)
  assert.equal(suggest(serverTable, ''), null)
})
