import { readFileSync } from 'node:fs'
import type { SiteAnswers } from '../../settings/site-table.ts'

/** A user of this host, as passwd(5) has them. */
export type Account = { readonly name: string; readonly uid: number; readonly shell: string }

/** The users of this host; none where they cannot be read. */
export function readAccounts(path = '/etc/passwd'): readonly Account[] {
  try {
    return readFileSync(path, 'utf8').split('\n').map(readAccount)
  } catch {
    return []
  }
}

function readAccount(line: string): Account {
  const [name = '', , uid = '', , , , shell = ''] = line.split(':')
  return { name, uid: Number(uid), shell }
}

// UID_MIN of login.defs(5) on every distribution.
const firstPerson = 1000

/** What to know about the users a site names, as far as they exist here. */
export function accountRemarks({ user, nginxUser }: SiteAnswers, accounts: readonly Account[]): readonly string[] {
  const found = accounts.find(({ name }) => name === user)
  if (found === undefined) return []
  if (found.uid === 0) return [`${user} is the superuser by another name here: choose another one with --user.`]
  if (user === nginxUser)
    return [`${user} is whom nginx runs as: a fault in either reaches both. --user has a user of its own.`]
  const isPerson = found.uid >= firstPerson && !/\/(?:nologin|false)$/.test(found.shell)
  return isPerson ? [`${user} is a person's account here; the application could read all that is theirs.`] : []
}
