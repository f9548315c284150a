import assert from 'node:assert/strict'
import test from 'node:test'
import { anchor } from '../../../src/settings/anchor.ts'
import { flagSource } from '../../../src/settings/flags.ts'
import { resolve } from '../../../src/settings/resolve.ts'
import { serverTable } from '../../../src/settings/server-table.ts'

test('relative paths become absolute, and the application stays as it was written: it may be a package', () => {
  const flags = { app: ['./app.js'], pid: ['run/x.pid'], certfile: ['/etc/c.pem'], errorLogfile: ['-'] }
  const resolution = resolve(serverTable, [], [flagSource(serverTable, flags)])
  assert.ok(resolution.ok)
  const { app, pid, certfile, errorLogfile, keyfile } = anchor(serverTable, resolution.config, '/srv/shop')
  assert.deepEqual(
    [app, pid, certfile, errorLogfile, keyfile],
    ['./app.js', '/srv/shop/run/x.pid', '/etc/c.pem', '-', null],
  )
})
