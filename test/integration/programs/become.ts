// Becomes the user and group named by its arguments, as a worker does, and says as JSON what it then is and what it can take back.
import { readFileSync } from 'node:fs'
import { Failure } from '../../../src/contract/errors.ts'
import { dropPrivileges } from '../../../src/system/drop-privileges.ts'
import { lookupUser } from '../../../src/system/user.ts'

const [user, group, first] = process.argv.slice(2).map((text) => text || null)

/** The code of the failure, or null where the attempt succeeded. */
function outcome(attempt: () => void): string | null {
  try {
    attempt()
    return null
  } catch (error) {
    return error instanceof Failure
      ? `${error.code}: ${error.message}`
      : ((error as NodeJS.ErrnoException).code ?? String(error))
  }
}

function status(): Record<string, string> {
  const lines = readFileSync('/proc/self/status', 'utf8').matchAll(/^(\w+):\s*(.*?)\s*$/gm)
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]))
}

if (first) dropPrivileges(lookupUser(first, null) ?? process.exit(1))
const dropped = outcome(() => {
  const identity = lookupUser(user ?? null, group ?? null)
  if (identity !== null) dropPrivileges(identity)
})
const { Uid, Gid, Groups, CapEff, CapPrm, CapAmb } = status()
const back = {
  setuid: outcome(() => process.setuid?.(0)),
  seteuid: outcome(() => process.seteuid?.(0)),
  setgid: outcome(() => process.setgid?.(0)),
  setegid: outcome(() => process.setegid?.(0)),
  setgroups: outcome(() => process.setgroups?.([0])),
  shadow: outcome(() => void readFileSync('/etc/shadow')),
}
process.stdout.write(JSON.stringify({ dropped, Uid, Gid, Groups, CapEff, CapPrm, CapAmb, back }))
