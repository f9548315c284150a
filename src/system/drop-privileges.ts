import { Failure } from '../contract/errors.ts'
import type { Identity } from '../contract/identity.ts'
import { viewCredentials } from './proc.ts'
import { succeeds } from './succeeds.ts'

/**
 * Becomes the given user for good: ids, groups, no capabilities, and proof that there is no way back.
 * A process that is not root and is that user already stays as it is.
 * Throws Failure NOT_PERMITTED when any of that cannot be had; the process must then end without loading anything.
 */
export function dropPrivileges(identity: Identity): void {
  const { geteuid, setgroups, setgid, setuid } = process
  if (!geteuid || !setgroups || !setgid || !setuid) throw refuse('this platform has no users')
  if (geteuid() !== 0) return verifyIds(identity)
  try {
    // Groups first: with the user goes the right to change them.
    setgroups([...identity.groups])
    setgid(identity.gid)
    setuid(identity.uid)
  } catch (cause) {
    throw refuse(`cannot become ${identity.name}: ${(cause as Error).message}`, cause)
  }
  verifyIds(identity)
  verifyGroups(identity)
  if (identity.uid !== 0) verifyNoWayBack(identity)
}

/** All four of each kind: a saved id of root would be a way back (credentials(7)). */
function verifyIds({ uid, gid, name }: Identity): void {
  const found = viewCredentials('self') ?? { uids: [process.getuid?.()], gids: [process.getgid?.()] }
  if (found.uids.every((id) => id === uid) && found.gids.every((id) => id === gid)) return
  throw refuse(`not ${name}: uids ${found.uids.join(' ')}, gids ${found.gids.join(' ')}, expected ${uid} and ${gid}`)
}

function verifyGroups({ groups }: Identity): void {
  const found = viewCredentials('self')?.groups ?? process.getgroups?.() ?? []
  const isSame = new Set(found).size === new Set(groups).size && found.every((group) => groups.includes(group))
  if (!isSame) throw refuse(`groups ${found.join(' ')} are set, expected ${groups.join(' ')}`)
}

function verifyNoWayBack({ gid }: Identity): void {
  const { effective, permitted, ambient } = viewCredentials('self')?.capabilities ?? none
  if ((effective | permitted | ambient) !== 0n) throw refuse('capabilities are left after leaving root')
  if (succeeds(() => process.setuid?.(0))) throw refuse('the user root could be taken back')
  if (gid !== 0 && succeeds(() => process.setgid?.(0))) throw refuse('the group root could be taken back')
}

const none = { effective: 0n, permitted: 0n, ambient: 0n }

function refuse(why: string, cause?: unknown): Failure {
  return new Failure('NOT_PERMITTED', `privileges are not dropped: ${why}`, { cause })
}
