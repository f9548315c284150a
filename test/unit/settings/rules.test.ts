import assert from 'node:assert/strict'
import test from 'node:test'
import { formatComplaint } from '../../../src/settings/complaint.ts'
import { environmentSource } from '../../../src/settings/environment.ts'
import { flagSource } from '../../../src/settings/flags.ts'
import { resolve } from '../../../src/settings/resolve.ts'
import { serverRules } from '../../../src/settings/rules.ts'
import { serverTable } from '../../../src/settings/server-table.ts'

function complaints(flags: Record<string, unknown>, env: Record<string, string> = {}): readonly string[] {
  const sources = [flagSource(serverTable, flags), environmentSource(serverTable, env)]
  const resolution = resolve(serverTable, serverRules, sources)
  return resolution.ok ? [] : resolution.complaints.map(formatComplaint)
}

test('a certificate without its key, or a key without its certificate, is noticed', () => {
  assert.deepEqual(complaints({ certfile: ['/c.pem'] }), [
    'command line: --certfile: expected certfile and keyfile together, got no keyfile',
  ])
  assert.match(complaints({}, { TSICORN_KEYFILE: '/k.pem' })[0] ?? '', /^environment: TSICORN_KEYFILE: .*no certfile$/)
  assert.deepEqual(complaints({ certfile: ['/c.pem'] }, { TSICORN_KEYFILE: '/k.pem' }), [])
})

test('a drain that would listen longer than it may last is noticed, with both sources', () => {
  assert.deepEqual(complaints({ drainIdle: ['40'] }, { TSICORN_GRACEFUL_TIMEOUT: '30' }), [
    'command line and environment: --drain-idle and TSICORN_GRACEFUL_TIMEOUT: expected drainIdle to be shorter than gracefulTimeout, got 40s and 30s',
  ])
})

test('a short graceful timeout alone is fine: the default of drainIdle gives way', () => {
  assert.deepEqual(complaints({ gracefulTimeout: ['1'] }), [])
})

test('a time for heads that is not above that for idle connections is noticed; raising the latter alone is fine', () => {
  assert.match(
    complaints({ headerTimeout: ['10'] })[0] ?? '',
    /headerTimeout to be longer than keepAlive, got 10s and 75s/,
  )
  assert.deepEqual(complaints({ headerTimeout: ['10'], keepAlive: ['5'] }), [])
  assert.deepEqual(complaints({ keepAlive: ['300'] }), [])
})

test('a rule about a value that is wrong anyway keeps quiet', () => {
  assert.equal(complaints({ drainIdle: ['40'], gracefulTimeout: ['x'] }).length, 1)
})

test('a daemon needs files to log to, takes no inherited socket, and is nothing to write an application with', () => {
  const daemon = { daemon: [true], errorLogfile: ['/log'] }
  assert.deepEqual(complaints(daemon), [])
  assert.match(complaints({ daemon: [true] })[0] ?? '', /expected errorLogfile to be a file with daemon/)
  assert.match(complaints({ ...daemon, accessLogfile: ['-'] })[0] ?? '', /expected accessLogfile to be a file/)
  assert.match(complaints({ ...daemon, bind: ['fd://3'] })[0] ?? '', /no fd:\/\/ address with daemon/)
  assert.match(complaints({ ...daemon, reload: [true] })[0] ?? '', /daemon or reload, not both/)
})
