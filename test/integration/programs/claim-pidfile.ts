// Claims the pid file named by its first argument and says as JSON what came of it; then keeps it until its input ends.
// With a second argument it sets that as its title first.
import { Failure } from '../../../src/contract/errors.ts'
import { claimPidfile } from '../../../src/system/pidfile.ts'

const [path = '', title = ''] = process.argv.slice(2)
if (title !== '') process.title = title

try {
  const pidfile = claimPidfile(path, process.pid)
  process.stdout.write(`${JSON.stringify({ claimed: true })}\n`)
  process.stdin.on('end', () => pidfile.release()).resume()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stdout.write(`${JSON.stringify({ claimed: false, code: error.code, message: error.message })}\n`)
}
