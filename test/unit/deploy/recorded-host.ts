import { createHash } from 'node:crypto'
import { placesOf } from '../../../src/bundle/places.ts'
import { renderBundle } from '../../../src/bundle/render.ts'
import { type HostTarget, hostTarget } from '../../../src/deploy/inspect/host-target.ts'
import type { Listening } from '../../../src/deploy/inspect/listening.ts'
import { unitsAround, unitsOf } from '../../../src/deploy/inspect/systemd.ts'
import type { Outcome } from '../../../src/deploy/install/run-command.ts'
import { directoriesOf } from '../../../src/deploy/install/site-wants.ts'
import type { Found } from '../../../src/deploy/install/wanted.ts'
import { completeAnswers, type SiteAnswers } from '../../../src/settings/site-table.ts'

/**
 * A host as a record: what its files say and what its programs answer. Nothing in it was taken from a machine: the text is
 * written after the documented formats of systemctl(1), nginx(8), getent(1), id(1), ufw(8) and proc(5). Whether real hosts
 * answer so is shown on booted machines.
 */
export type Recorded = {
  answers: SiteAnswers
  /** Files of the site, by absolute path. */
  readonly files: Map<string, string>
  readonly found: Map<string, Found>
  /** What programs answer, by their command line. */
  readonly programs: Map<string, string | null>
  /** What `systemctl show` says besides what the unit files do, by unit. */
  readonly states: Map<string, Record<string, string>>
  listening: Listening[]
  addresses: Map<string, string[]>
  freeBytes: number
  nginxSays: string
}

/** A healthy host with one site. */
export function recordedHost(given: Partial<SiteAnswers> = {}): Recorded {
  const answers = completeAnswers({
    ...{ name: 'demo', domain: ['demo.example.org'], app: './app.js', workingDirectory: '/srv/demo', logs: 'files' },
    ...{ tls: 'off', static: [{ prefix: '/static/', directory: '/srv/demo/static' }], ...given },
  })
  const files = new Map(renderBundle(answers).map(({ path, content }) => [`/${path}`, content]))
  files.set('/usr/local/lib/node_modules/tsicorn/package.json', '{ "version": "1.0.0" }')
  files.set('/proc/sys/net/core/somaxconn', '4096\n')
  files.set('/proc/meminfo', 'MemTotal:        2048000 kB\n')
  const on = { LoadState: 'loaded', ActiveState: 'active', UnitFileState: 'enabled', NeedDaemonReload: 'no' }
  return {
    ...{ answers, files, programs: programsOf(answers) },
    found: new Map(
      directoriesOf(renderBundle(answers)).map(({ path, mode, user, group }) => [
        path,
        { kind: 'directory', mode, uid: idOf(user), gid: idOf(group) },
      ]),
    ),
    states: new Map(unitsAround('demo').map((unit) => [unit, { ...on }])),
    listening: [{ port: 80, pid: 10, program: 'nginx', unit: 'nginx.service' }],
    addresses: new Map([['demo.example.org', ['192.0.2.1']]]),
    ...{ freeBytes: 1024 ** 3, nginxSays: '' },
  }
}

/** Ids that differ by name. */
function idOf(name: string): number {
  return name === 'root' ? 0 : 1 + (createHash('sha256').update(name).digest()[0] ?? 0)
}

function programsOf({
  user,
  group,
  nginxUser,
  nginxGroup,
  node,
  workingDirectory,
}: SiteAnswers): Map<string, string | null> {
  const account = (name: string) => `${name}:x:${idOf(name)}:${idOf(name)}::/:/usr/sbin/nologin\n`
  const own = [user, nginxUser, 'root'].map((name): [string, string] => [`getent passwd ${name}`, account(name)])
  const groups = [group, nginxGroup, 'root'].map((name): [string, string] => [`getent group ${name}`, account(name)])
  return new Map<string, string | null>([
    ...[...own, ...groups],
    [`getent passwd ${user} ${nginxUser}`, account(user) + account(nginxUser)],
    [`getent group ${group} ${nginxGroup}`, account(group) + account(nginxGroup)],
    [`id -Gn ${user}`, `${group}\n`],
    [`id -Gn ${nginxUser}`, `${nginxGroup}\n`],
    [`${node} --version`, 'v20.19.2\n'],
    ['nginx -v', 'nginx version: nginx/1.22.1\n'],
    ['systemctl --version', 'systemd 252 (252.39-1~deb12u1)\n+PAM\n'],
    [`runuser --user ${user} -- test -r ${workingDirectory} -a -x ${workingDirectory}`, ''],
    ['systemd-analyze security --no-pager demo.service', '→ Overall exposure level for demo.service: 1.2 OK :-)\n'],
    ['systemd-detect-virt --container', 'none\n'],
    ['timedatectl show --property=NTPSynchronized', 'NTPSynchronized=yes\n'],
    ['ufw status', 'Status: active\n\nTo    Action  From\n80/tcp    ALLOW    Anywhere\n'],
  ])
}

/** A target that reads nothing but the record. */
export function targetOf(recorded: Recorded): HostTarget {
  const { answers, files, programs } = recorded
  const answer = (command: string): Outcome => {
    if (command === 'nginx -T')
      return { ok: recorded.nginxSays === '', status: 0, stdout: dumpOf(recorded), stderr: recorded.nginxSays }
    const said = programs.get(command)
    return { ok: typeof said === 'string', status: null, stdout: said ?? '', stderr: said ?? '' }
  }
  return hostTarget({
    ...{
      answers,
      isRoot: true,
      now: new Date('2026-11-21T00:00:00Z'),
      version: '1.0.0',
      own: { node: '/usr/bin/node', launcher: '/usr/bin/tsicorn.js' },
      again: 'again',
      againWith: (flags) => `again ${flags.join(' ')}`,
      deploy: 'deploy',
    },
    run: async (command) => answer(command.join(' ')),
    reader: {
      look: (path) => recorded.found.get(path) ?? { kind: 'absent' },
      text: (path) => files.get(path) ?? null,
      room: () => ({ freeBytes: recorded.freeBytes, freeShare: 0.5, freeInodes: 0.5 }),
      listening: async () => recorded.listening,
      resolve: async (name) => recorded.addresses.get(name) ?? [],
      addresses: () => ['127.0.0.1', '192.0.2.1'],
    },
    systemd: { unit: async (name) => shownUnit(recorded, name) },
  })
}

function shownUnit({ files, states }: Recorded, name: string) {
  const text = files.get(`/etc/systemd/system/${name}`) ?? ''
  const state = Object.entries(states.get(name) ?? {}).map(([key, value]) => `${key}=${value}`)
  const found = unitsOf([...state, ...showOf(text)].join('\n'), [name]).get(name)
  if (found === undefined) throw new Error(`there is no unit ${name}`)
  return found
}

/** What systemctl would show of a unit file: its own names for some keys, and every list in force. */
function showOf(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => /^[A-Za-z]+=/.test(line))
  const lists = ['MemoryDenyWriteExecute=no', ...(text.includes('\nSystemCallFilter=') ? [] : ['SystemCallFilter=~'])]
  return [...lists, ...lines].flatMap((line) => {
    const [, key = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? []
    if (key === 'ListenStream') return [`Listen=${value} (Stream)`]
    if (/^Exec/.test(key)) return [`${key}={ path=/usr/bin/node ; argv[]=${value} ; ignore_errors=no ; pid=1 }`]
    if (/^(TimeoutStop|TimeoutStart|Watchdog|Restart)Sec$/.test(key)) return [`${key.replace(/Sec$/, 'USec')}=${value}`]
    // Shares are shown in bytes.
    if (value.endsWith('%')) return [`${key}=${Number.parseInt(value, 10) * 20_000_000}`]
    return [line]
  })
}

function dumpOf({ files, answers }: Recorded): string {
  const { siteFile, enabledSite } = placesOf(answers)
  const own = [...files].filter(([path]) => path.startsWith('/etc/nginx/'))
  const named = own.map(([path, text]): [string, string] => [path === siteFile ? (enabledSite ?? path) : path, text])
  const all: readonly (readonly [string, string])[] = [['/etc/nginx/nginx.conf', 'user www-data;\n'], ...named]
  return all.map(([path, text]) => `# configuration file ${path}:\n${text}\n`).join('')
}
