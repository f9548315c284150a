// Logs as its first argument says, JSON of type Order: so many records one after another, as soon as its input ends.
// Says `waiting` on stdout before, and `done` after.
import { createLogger, type LoggerOptions } from '../../../src/log/logger.ts'
import { dropPrivileges } from '../../../src/system/drop-privileges.ts'
import { lookupUser } from '../../../src/system/user.ts'

export type Order = {
  readonly options: LoggerOptions
  readonly name: string
  readonly records: number
  /** Length of the longest message; they grow up to it. */
  readonly length: number
  /** A user to become before the log is opened. */
  readonly become?: string
}

const { options, name, records, length, become } = JSON.parse(process.argv[2] ?? '') as Order
const identity = lookupUser(become ?? null, null)
if (identity !== null) dropPrivileges(identity)
const log = createLogger(options)

process.stdin
  .on('end', () => {
    for (let number = 1; number <= records; number += 1) {
      const filling = name.repeat(Math.ceil(length / name.length)).slice(0, Math.floor((length * number) / records))
      log.info({ event: 'test.record', writer: name, number }, `<${name} ${number} ${filling}>`)
    }
    log.close()
    process.stdout.write('done\n')
  })
  .resume()
process.stdout.write('waiting\n')
