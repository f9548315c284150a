import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../helpers/repository.ts'
import { slowness } from '../helpers/slowness.ts'
import { until } from '../helpers/until.ts'
import { bootContainer } from './container.ts'
import { guestbook, guestbookInOneFile } from './guestbook.ts'
import { leave, tellOfKeeping } from './keep.ts'
import { digest } from './layer-cache.ts'
import { debian, type Layers, node, packagesFor, type Suite, tsicorn } from './layers.ts'
import { bootMachine } from './machine.ts'
import { vagrantMachine } from './needs.ts'
import type { System } from './system.ts'

/** A Debian release with the Node.js that its machines get here: old beside old, and new beside new. */
export type Release = { readonly title: string; readonly suite: Suite; readonly nginx: string; readonly node: number }

export const releases: readonly Release[] = [
  { title: 'Debian 12', suite: 'bookworm', nginx: '1.22', node: 20 },
  { title: 'Debian 13', suite: 'trixie', nginx: '1.26', node: 24 },
]

/** The newest Node.js that is promised to do, on the newest release. */
export const newest: Release = { title: 'Debian 13 with Node.js 26', suite: 'trixie', nginx: '1.26', node: 26 }

/** The name every site here answers to, and its unit's. */
export const domain = 'guestbook.test'

/** A machine with Node.js, tsicorn and the guestbook on it, and nothing set up. */
export const freshMachine = (release: Release): Promise<System> => machineWith(release, [])

/** The same with more packages of the release. */
export async function machineWith(release: Release, packages: readonly string[]): Promise<System> {
  const ours = await ourLayers(release)
  if (vagrantMachine !== undefined) return bootMachine(vagrantMachine, ours)
  const further = packages.length === 0 ? [] : [await packagesFor(release.suite, packages)]
  return bootContainer([...ours, ...further, await debian(release.suite)])
}

function ourLayers(release: Release): Promise<Layers> {
  return Promise.all([slowness > 1 ? guestbookInOneFile() : guestbook(), tsicorn(), node(release.node)])
}

export type SiteOptions = {
  /** An application of test/apps instead of the guestbook. */
  readonly app?: string
  readonly flags?: readonly string[]
  /** Debian packages that the host has besides; not in a machine of Vagrant's, which has what it has. */
  readonly packages?: readonly string[]
  /** Lines for the environment file, written before the service starts. */
  readonly environment?: readonly string[]
}

/** A machine on which the newcomer's way has been gone: the site answers. */
export async function machineWithSite(release: Release, options: SiteOptions = {}): Promise<System> {
  const prepare = (system: System) => prepareSite(system, options)
  if (vagrantMachine !== undefined) {
    const name = `site-${digest(JSON.stringify(options))}`
    return bootMachine(vagrantMachine, await ourLayers(release), { name, prepare })
  }
  const system = await machineWith(release, options.packages ?? [])
  try {
    await prepare(system)
    return system
  } catch (error) {
    await leave(system, true)
    throw error
  }
}

async function prepareSite(system: System, options: SiteOptions): Promise<void> {
  try {
    await setUp(system, options)
  } catch (error) {
    throw await complain(system, error)
  }
}

async function setUp(system: System, { app, flags = [], environment = [] }: SiteOptions): Promise<void> {
  if (app !== undefined) await copyApp(system, app)
  const chosen = app === undefined ? ['--health-path', '/healthz'] : ['--app', `${app}.mjs`]
  const answers = ['--yes', '--name', 'site', '--domain', domain, '--tls', 'self-signed', '--default-server', ...chosen]
  await system.run(`cd /srv/guestbook && tsicorn init ${[...answers, ...flags].map((word) => `'${word}'`).join(' ')}`)
  if (environment.length > 0)
    await system.write('/etc/site/env', environment.map((line) => `${line}\n`).join(''), '0600')
  await bePatient(system)
  await system.run('cd /srv/guestbook && tsicorn deploy --disable-default-site', { within: 120_000 })
  if (slowness > 1) await system.run(patientNginx)
  await until(async () => (await visit(system, '/')).status === 200, { what: 'the site to answer', within: 30_000 })
}

const patientNginx =
  "sed -i 's/proxy_read_timeout [^;]*/proxy_read_timeout 2h/' /etc/nginx/sites-available/site.conf; systemctl reload nginx"

/** On a slow machine, before a site is deployed: its workers may be slow, and systemd waits for them. */
export async function bePatient(system: System): Promise<void> {
  if (slowness > 1) await system.write('/etc/systemd/system/site.service.d/slow.conf', unhurried)
}

const unhurried = `[Service]
TimeoutStartSec=infinity
WatchdogSec=0
Environment=TSICORN_BOOT_TIMEOUT=${60 * slowness} TSICORN_TIMEOUT=${30 * slowness}
`

/** Another application of test/apps in the place of the first; settings may change with it, as sed(1) does it. */
export async function changeApp(system: System, [from, to]: readonly [string, string], change = ''): Promise<void> {
  await copyApp(system, to)
  await system.run(`sed -i 's#${from}.mjs#${to}.mjs#; ${change}' /etc/site/tsicorn.config.json`)
  await system.run('systemctl restart site.service')
}

async function copyApp(system: System, app: string): Promise<void> {
  await system.write(`/srv/guestbook/${app}.mjs`, readFileSync(join(repository, 'test/apps', `${app}.mjs`), 'utf8'))
}

export type Visit = { readonly status: number; readonly headers: string; readonly body: string; readonly error: string }

/** A request to the site over TLS with curl, whose own flags may be added; status 0 when there was no answer. */
export async function visit(system: System, path: string, flags: readonly string[] = []): Promise<Visit> {
  const names = [443, 80].flatMap((port) => ['--resolve', `${domain}:${port}:127.0.0.1`])
  const url = path.startsWith('/') ? `https://${domain}${path}` : path
  const usual = [
    '--silent',
    '--show-error',
    '--insecure',
    '--max-time',
    String(30 * slowness),
    '--include',
    '--noproxy',
    '*',
  ]
  const { stdout, stderr } = await system.visit('curl', [...usual, ...names, ...flags, url])
  const [, headers = '', body = ''] = /^((?:HTTP\/[\d.]+ [\s\S]*?\r\n\r\n)+)([\s\S]*)$/.exec(stdout) ?? []
  const status = Number(/HTTP\/[\d.]+ (\d{3})(?![\s\S]*HTTP\/[\d.]+ \d{3})/.exec(headers)?.[1] ?? 0)
  return { status, headers, body, error: stderr.trim() }
}

/** The pid of the service's main process. */
export async function masterPid(system: System): Promise<number> {
  return Number(await system.run('systemctl show --property=MainPID --value site.service'))
}

/** The pids of the workers, oldest first. */
export async function workerPids(system: System): Promise<readonly number[]> {
  const listed = await system.run(`pgrep --parent ${await masterPid(system)} | cat`)
  return listed.split('\n').filter(Boolean).map(Number)
}

/** The error with all that an operator would look at first. */
export async function complain(system: System, error: unknown): Promise<Error> {
  const look = [
    'systemctl --no-pager --full status site.service site.socket nginx.service',
    'journalctl --no-pager --lines=60 --unit=site.service --unit=nginx.service',
    'journalctl --no-pager --lines=40',
    'tail -n 40 /var/log/nginx/*error.log',
    // Only what warns or fails, with what was expected and found.
    "cd /srv/guestbook && tsicorn deploy --check 2>&1 | grep -A 5 '^\\(warn\\|fail\\) '",
  ]
  const { stdout } = await system.attempt(look.map((line) => `echo "$ ${line}"; ${line} 2>&1 || true`).join('\n'))
  const message = error instanceof Error ? error.message : String(error)
  return new Error(`${message}\n\n${system.name}:\n${stdout}\n${tellOfKeeping(system)}`, { cause: error })
}
