import { placesOf } from '../../../bundle/places.ts'
import { renderBundle } from '../../../bundle/render.ts'
import { judge } from '../../check.ts'
import { directoriesOf } from '../../install/site-wants.ts'
import { type HostCheck, ofHost, rootOnly } from './base.ts'

const group = 'Accounts'

/** Groups whose members are root, or can become it, or read what only root should. */
const mighty = ['root', 'sudo', 'wheel', 'admin', 'adm', 'docker', 'lxd', 'disk', 'shadow', 'kmem', 'systemd-journal']

const accounts: HostCheck = {
  ...ofHost,
  ...{ id: 'host.accounts', group },
  title: 'The accounts of the site exist, and are not root',
  why: 'The service does not start without them.',
  how: 'getent: the user and group of the service, and those of nginx',
  run: async ({ answers, run }) => {
    const { user, group: own, nginxUser, nginxGroup, name } = answers
    const users = (await run(['getent', 'passwd', user, nginxUser])).stdout
    const groups = (await run(['getent', 'group', own, nginxGroup])).stdout
    const has = (text: string, one: string) => text.split('\n').some((line) => line.startsWith(`${one}:`))
    const problems = [
      ...[user, nginxUser].filter((one) => !has(users, one)).map((one) => `there is no user ${one}`),
      ...[own, nginxGroup].filter((one) => !has(groups, one)).map((one) => `there is no group ${one}`),
      ...(new RegExp(`^${user}:[^:]*:0:`, 'm').test(users) ? [`${user} is root`] : []),
    ]
    return judge(
      `users ${user} and ${nginxUser}, groups ${own} and ${nginxGroup}`,
      'so',
      problems,
      `systemd-sysusers ${name}.conf`,
    )
  },
}

const modestUser: HostCheck = {
  ...ofHost,
  ...{ id: 'host.modest-user', group, needs: ['host.accounts'] },
  title: 'The user of the service is in no group with power over the host',
  why: 'A member of docker, disk or shadow is root in one step.',
  how: 'id: the groups of the user',
  run: async ({ answers, run }) => {
    const { user } = answers
    const groups = (await run(['id', '-Gn', user])).stdout.trim().split(/\s+/)
    const found = groups.filter((one) => mighty.includes(one))
    const fix = found.map((one) => `gpasswd --delete ${user} ${one}`).join(' && ')
    return judge(
      `none of ${mighty.join(', ')}`,
      groups.join(', '),
      found.map((one) => `${user} is in ${one}`),
      fix || null,
    )
  },
}

const directories: HostCheck = {
  ...ofHost,
  ...{ id: 'host.directories', group, needs: ['host.accounts'] },
  title: 'The directories of the site have the right owners and modes',
  why: 'nginx comes to the sockets through the group of their directory; others should not come there at all.',
  how: 'owner and mode of each directory in tmpfiles.d',
  exempt: rootOnly,
  run: async ({ answers, reader, run }) => {
    const wanted = directoriesOf(renderBundle(answers))
    const ids = async (kind: string, name: string) =>
      name === 'root' ? 0 : Number((await run(['getent', kind, name])).stdout.split(':')[2] ?? Number.NaN)
    const problems: string[] = []
    for (const { path, mode, user, group: owners } of wanted) {
      const found = reader.look(path)
      const right = found.kind === 'directory' && found.mode === mode
      const words =
        found.kind === 'directory'
          ? `has mode 0${found.mode.toString(8)}`
          : found.kind === 'absent'
            ? 'is not there'
            : 'is no directory'
      if (!right) problems.push(`${path} ${words}`)
      else if (found.uid !== (await ids('passwd', user)) || found.gid !== (await ids('group', owners)))
        problems.push(`${path} belongs to ${found.uid}:${found.gid}, not ${user}:${owners}`)
    }
    return judge(
      'as in tmpfiles.d',
      `${wanted.length} directories`,
      problems,
      `systemd-tmpfiles --create ${answers.name}.conf`,
    )
  },
}

const credentials: HostCheck = {
  ...ofHost,
  ...{ id: 'host.credentials', group },
  title: 'The secrets that the service is given are there, for root alone',
  why: 'The service does not start without one of them.',
  how: 'the files of the credentials',
  exempt: (target) => rootOnly(target) ?? (target.answers.credentials.length === 0 ? 'the site has none' : null),
  run: async ({ answers, reader }) => {
    const paths = answers.credentials.map((name) => `${placesOf(answers).credentials}/${name}`)
    const open = paths.filter((path) => {
      const found = reader.look(path)
      return found.kind === 'file' && (found.mode & 0o077) !== 0
    })
    const gone = paths.filter((path) => reader.look(path).kind === 'absent')
    const problems = [
      ...gone.map((path) => `${path} is not there`),
      ...open.map((path) => `${path} may be read by others`),
    ]
    return judge('each there, mode 0600', 'so', problems, open.length > 0 ? `chmod 0600 ${open.join(' ')}` : null)
  },
}

/** Who may do what. */
export const accountChecks: readonly HostCheck[] = [accounts, modestUser, directories, credentials]
