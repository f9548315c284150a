import assert from 'node:assert/strict'
import test from 'node:test'
import { createPaint } from '../../../src/cli/paint.ts'
import { formatConfig } from '../../../src/cli/print-config.ts'
import { environmentSource } from '../../../src/settings/environment.ts'
import { flagSource } from '../../../src/settings/flags.ts'
import { resolve } from '../../../src/settings/resolve.ts'
import { serverTable } from '../../../src/settings/server-table.ts'

const settled = resolve(
  serverTable,
  [],
  [
    environmentSource(serverTable, { TSICORN_WORKERS: '4', TSICORN_PROBE_PATH: '/hunter2-hunter2' }),
    flagSource(serverTable, { env: ['PASSWORD=hunter2', 'A=b'], printConfig: true, bind: ['80', 'unix:/run/a.sock'] }),
  ],
)
assert.ok(settled.ok)
const lines = formatConfig(serverTable, settled, createPaint({}, {})).trimEnd().split('\n')
const line = (name: string) => lines.find((text) => text.startsWith(`${name} `))?.replace(/ +/g, ' ')

test('each setting is printed with its value and where that came from', () => {
  assert.equal(line('workers'), 'workers = 4 # from environment: TSICORN_WORKERS')
  assert.equal(line('bind'), 'bind = 0.0.0.0:80,unix:/run/a.sock # from command line: --bind')
  assert.equal(line('timeout'), 'timeout = 30s # default')
  assert.equal(line('umask'), 'umask = 0007 # default')
  assert.equal(line('pid'), 'pid = none # default')
})

test('the sources stand in one column', () => {
  assert.equal(new Set(lines.map((text) => text.indexOf(' # '))).size, 1)
})

test('a secret is left out; of a variable the name is shown', () => {
  assert.equal(line('env'), 'env = PASSWORD=(not shown) A=(not shown) # from command line: --env')
  assert.equal(line('probePath'), 'probePath = (not shown) # from environment: TSICORN_PROBE_PATH')
  assert.doesNotMatch(lines.join('\n'), /hunter2/)
})

test('flags that only say what to do now are no part of the configuration', () => {
  assert.equal(line('printConfig'), undefined)
})
