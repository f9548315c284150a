import { Failure } from '../contract/errors.ts'
import type { Identity } from '../contract/identity.ts'
import type { PasswordEntry } from './accounts.ts'
import { libc } from './libc.ts'
import { viewCredentials } from './proc.ts'

/**
 * Who to become: names or ids, null when nothing is to change.
 * Throws Failure USER_UNKNOWN for an unknown user or group, and NOT_PERMITTED when we may not become that user.
 */
export function lookupUser(user: string | null, group: string | null): Identity | null {
  if (user === null && group === null) return null
  const identity = user === null ? withGroup(group ?? '') : withUser(user, group)
  if (!isPermitted(identity)) {
    throw new Failure('NOT_PERMITTED', `cannot become ${describe(identity)}: only root may change user or group`, {
      fix: 'start as root, or leave user and group unset and start as that user (User= and Group= in a systemd unit)',
    })
  }
  return identity
}

function withUser(user: string, group: string | null): Identity {
  const entry = findUser(user)
  const gid = group === null ? entry?.gid : findGroup(group)
  if (gid === undefined) {
    throw new Failure('USER_UNKNOWN', `user id ${user} has no entry in the user database, so its group is not known`, {
      fix: 'set the group too',
    })
  }
  if (entry === null) return { uid: Number(user), gid, name: user, home: null, groups: [gid] }
  return { uid: entry.uid, gid, name: entry.name, home: entry.home, groups: libc().groupsOf(entry.name, gid) }
}

/** Only the group changes: the user stays, with no other groups. */
function withGroup(group: string): Identity {
  const gid = findGroup(group)
  const uid = process.geteuid?.() ?? 0
  const entry = libc().findUser(uid)
  return { uid, gid, name: entry?.name ?? String(uid), home: entry?.home ?? null, groups: [gid] }
}

/** Null for a number without entry, which is a user all the same. */
function findUser(user: string): PasswordEntry | null {
  const byName = libc().findUser(user)
  if (byName !== null) return byName
  if (isId(user)) return libc().findUser(Number(user))
  throw new Failure('USER_UNKNOWN', `there is no user ${JSON.stringify(user)} on this machine`, {
    fix: 'create it (sudo useradd --system --shell /usr/sbin/nologin NAME), or name another',
  })
}

function findGroup(group: string): number {
  const byName = libc().findGroup(group)
  if (byName !== null) return byName.gid
  if (isId(group)) return Number(group)
  throw new Failure('USER_UNKNOWN', `there is no group ${JSON.stringify(group)} on this machine`, {
    fix: 'create it (sudo groupadd --system NAME), or name another',
  })
}

/** Ids have 32 bits, and the last one means "unchanged" to the kernel (setuid(2)). */
function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) < 0xffff_ffff
}

// Bits of CAP_SETGID and CAP_SETUID (capabilities(7)).
const mayChange = (1n << 6n) | (1n << 7n)

function isPermitted(identity: Identity): boolean {
  const effective = viewCredentials('self')?.capabilities.effective
  const isRoot = process.geteuid?.() === 0 && (effective === undefined || (effective & mayChange) === mayChange)
  return isRoot || isAlready(identity)
}

/** Whether there is nothing to change. */
export function isAlready({ uid, gid }: Identity): boolean {
  return (
    process.getuid?.() === uid &&
    process.geteuid?.() === uid &&
    process.getgid?.() === gid &&
    process.getegid?.() === gid
  )
}

function describe({ name, uid, gid }: Identity): string {
  return `user ${name} (uid ${uid}, gid ${gid})`
}
