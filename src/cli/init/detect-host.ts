import { execFile } from 'node:child_process'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readNginxBuild } from '../../bundle/nginx-build.ts'
import { domains } from '../../settings/kinds/domain.ts'
import { isPrivateName, type SiteAnswers, siteTable } from '../../settings/site-table.ts'
import { availableWorkers } from '../../system/cpu-count.ts'
import type { Context } from '../context.ts'
import { hasDefaultServer } from './nginx-sites.ts'

const run = promisify(execFile)

// A program that asks a question back or hangs must not hold up ours.
const patience = 5000

/** What can be found out about this machine that the files depend on. What is not found is left out. */
export async function detectHost(context: Pick<Context, 'env'>): Promise<Partial<SiteAnswers>> {
  const [nginx, systemd] = await Promise.all([ask(context, 'nginx', ['-V']), ask(context, 'systemctl', ['--version'])])
  const { version, openssl, gzipStatic } = readNginxBuild(nginx)
  const systemdVersion = /^systemd (\d+)/.exec(systemd)?.[1]
  return {
    ...acceptable('nginxVersion', version),
    ...acceptable('opensslVersion', openssl),
    ...acceptable('gzipStatic', gzipStatic),
    // Only where nginx is there already: installing it brings a default site of its own.
    ...acceptable('defaultServer', version === null ? null : !hasDefaultServer('/etc/nginx')),
    ...acceptable('systemdVersion', systemdVersion === undefined ? null : Number(systemdVersion)),
    ...nginxLayout(),
    ...nginxAccount(),
    ...ownName(),
    ipv6: (readText('/proc/net/if_inet6') ?? '') !== '',
    workers: workerCount(),
    node: nodePath(),
    tsicorn: launcherPath(),
  }
}

/** As many workers as the machine has room for, and two at least: one serves on while the other is busy or replaced. */
export function workerCount(): number {
  return Math.max(2, availableWorkers().count)
}

// All that a program says about itself; empty when it is not there.
async function ask({ env }: Pick<Context, 'env'>, program: string, args: readonly string[]): Promise<string> {
  // Debian keeps nginx where only root's PATH leads.
  const path = `${env['PATH'] ?? ''}:/usr/sbin:/sbin`
  try {
    const { stdout, stderr } = await run(program, [...args], { timeout: patience, env: { PATH: path, LC_ALL: 'C' } })
    return `${stdout}${stderr}`
  } catch {
    return ''
  }
}

function nginxLayout(): Partial<SiteAnswers> {
  if (isDirectory('/etc/nginx/sites-available')) return { nginxLayout: 'sites-available' }
  return isDirectory('/etc/nginx/conf.d') ? { nginxLayout: 'conf.d' } : {}
}

function nginxAccount(): Partial<SiteAnswers> {
  const [, user, group = user] =
    /^\s*user\s+([\w-]+)(?:\s+([\w-]+))?\s*;/m.exec(readText('/etc/nginx/nginx.conf') ?? '') ?? []
  return { ...acceptable('nginxUser', user ?? null), ...acceptable('nginxGroup', group ?? null) }
}

function ownName(): Partial<SiteAnswers> {
  const reading = domains.parse(hostname())
  return reading.ok && reading.value.every((name) => !isPrivateName(name)) ? { domain: reading.value } : {}
}

/** Where this tsicorn is started. */
export function launcherPath(): string {
  return fileURLToPath(new URL('../../../bin/tsicorn.js', import.meta.url))
}

/** The Node.js that runs this. A version manager's path ends with the version: the plain one survives an upgrade. */
export function nodePath(): string {
  const own = process.execPath
  const plain = ['/usr/bin/node', '/usr/local/bin/node']
  return (
    plain.find((path) => statSync(path, { throwIfNoEntry: false }) && realpathSync(path) === realpathSync(own)) ?? own
  )
}

function acceptable(name: keyof SiteAnswers, value: unknown): Partial<SiteAnswers> {
  const reading = siteTable[name].kind.accept(value)
  return value !== null && reading.ok ? { [name]: reading.value } : {}
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
