import type { SiteAnswers } from '../../settings/site-table.ts'
import type { Host } from './host.ts'
import type { AccountsStep, Command } from './step.ts'

/** Makes the accounts of a site that are missing, as sysusers.d says it where systemd-sysusers can read that. */
export function accountSteps(answers: SiteAnswers, host: Host, hasSysusers: boolean): readonly AccountsStep[] {
  const { name, user, group } = answers
  const users = host.users.has(user) ? [] : [user]
  // A new user brings a group of its own name.
  const groups = [...new Set([...(users.length > 0 ? [user] : []), group])].filter((one) => !host.groups.has(one))
  if (users.length === 0 && groups.length === 0) return []
  const commands = hasSysusers
    ? [['systemd-sysusers', `/etc/sysusers.d/${name}.conf`]]
    : byHand({ answers, users, groups })
  return [{ kind: 'accounts', users, groups, commands }]
}

type Missing = {
  readonly answers: SiteAnswers
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

function byHand({ answers, users, groups }: Missing): readonly Command[] {
  const { name, user, group, stateDirectory } = answers
  const more = group === user ? [] : ['--groups', group]
  const words = ['--system', '--no-create-home', '--home-dir', stateDirectory, '--shell', '/usr/sbin/nologin']
  return [
    ...groups.map((one): Command => ['groupadd', '--system', one]),
    ...users.map(
      (one): Command => ['useradd', ...words, '--gid', one, ...more, '--comment', `web application ${name}`, one],
    ),
  ]
}
