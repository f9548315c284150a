import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workerFlags } from '../../../src/arbiter/worker-flags.ts'

const old = new Set(['--inspect-port'])
const recent = new Set(['--inspect-port', '--disable-sigusr1'])

test('a Node that can be told to leave SIGUSR1 alone is told so', () => {
  const flags = workerFlags({ execArgv: ['--enable-source-maps'], nodeOptions: undefined, known: recent })
  assert.deepEqual(flags, ['--enable-source-maps', '--disable-sigusr1'])
})

test('an older Node is given an address for its inspector on which nothing can listen', () => {
  assert.deepEqual(workerFlags({ execArgv: [], nodeOptions: undefined, known: old }), ['--inspect-port=192.0.2.1:9229'])
})

test('who asks for the inspector keeps it', () => {
  assert.deepEqual(workerFlags({ execArgv: ['--inspect'], nodeOptions: undefined, known: recent }), ['--inspect'])
  assert.deepEqual(workerFlags({ execArgv: [], nodeOptions: '--inspect=127.0.0.1:9300', known: old }), [])
})
