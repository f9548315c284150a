// Opens the listener described by its first argument and says what came of it, as JSON on one line; then keeps it until its
// input ends. With `become` it is that user before it opens anything.
import { Failure } from '../../../src/contract/errors.ts'
import type { Address } from '../../../src/contract/listeners.ts'
import { closeListener } from '../../../src/system/close-listener.ts'
import { dropPrivileges } from '../../../src/system/drop-privileges.ts'
import { libc } from '../../../src/system/libc.ts'
import type { ListenOptions } from '../../../src/system/listener.ts'
import { openListener } from '../../../src/system/open-listener.ts'
import { lookupUser } from '../../../src/system/user.ts'

export type Order = {
  readonly address: Address
  readonly options: ListenOptions
  readonly become?: string
  /** Do not close it, but end as if killed. */
  readonly abandon?: boolean
}

const order = JSON.parse(process.argv[2] ?? '') as Order

if (order.become !== undefined) {
  // Loaded before, since that user may not be able to read it.
  libc()
  const identity = lookupUser(order.become, null)
  if (identity !== null) dropPrivileges(identity)
}
try {
  const listener = openListener(order.address, order.options)
  process.stdout.write(`${JSON.stringify(listener)}\n`)
  if (order.abandon) process.kill(process.pid, 'SIGKILL')
  process.stdin.on('end', () => closeListener(listener)).resume()
} catch (error) {
  const { code, message, fix } = error as Failure
  process.stdout.write(`${JSON.stringify({ isFailure: error instanceof Failure, code, message, fix })}\n`)
}
