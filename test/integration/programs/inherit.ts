// Takes the listening sockets it was started with, as many as its first argument says and with the names of its second, and says
// as JSON what it found; `passedOn` is how many of them a program started by it would have.
import { spawnSync } from 'node:child_process'
import { Failure } from '../../../src/contract/errors.ts'
import { inheritedListeners } from '../../../src/system/inherited.ts'
import { openDescriptors } from '../../../src/system/proc.ts'

const [count, names] = process.argv.slice(2)
const env = { LISTEN_FDS: count, LISTEN_PID: String(process.pid), ...(names ? { LISTEN_FDNAMES: names } : {}) }

try {
  const listeners = inheritedListeners(env, process.pid)
  const open = openDescriptors('self')
  const { stdout } = spawnSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' })
  const passedOn = listeners.filter(({ fd }) => stdout.includes(open?.get(fd) ?? 'unknown')).length
  process.stdout.write(`${JSON.stringify({ listeners, passedOn })}\n`)
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stdout.write(`${JSON.stringify({ code: error.code, message: error.message })}\n`)
}
