import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeExit } from '../../../src/arbiter/describe-exit.ts'
import { running } from '../../helpers/lifecycle.ts'

const [worker] = running({ workers: 1 }).ready

test('every way in which a worker can end has words of its own', () => {
  assert.ok(worker)
  const ways = [
    { code: null, signal: 'SIGKILL', oom: true },
    { code: null, signal: 'SIGKILL', oom: false },
    { code: null, signal: 'SIGKILL', oom: null },
    { code: null, signal: 'SIGSEGV' },
    { code: null, signal: 'SIGABRT' },
    { code: null, signal: 'SIGPIPE' },
    { code: 0, signal: null },
    { code: 1, signal: null },
    { code: 7, signal: null },
  ]
  const words = ways.map((exit) => describeExit(exit, worker))
  assert.equal(new Set(words).size, ways.length)
  assert.match(words[0] ?? '', /by the kernel because memory ran out/)
  assert.match(words[1] ?? '', /SIGKILL \(by hand: .* has not moved\)/)
  assert.match(words[3] ?? '', /segmentation fault/)
})
