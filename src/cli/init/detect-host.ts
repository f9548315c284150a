import { execFile } from 'node:child_process'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { domains } from '../../settings/kinds/domain.ts'
import { isPrivateName, type SiteAnswers, siteTable } from '../../settings/site-table.ts'
import { availableWorkers } from '../../system/cpu-count.ts'
import type { Context } from '../context.ts'

const run = promisify(execFile)

// A program that asks a question back or hangs must not hold up ours.
const patience = 5000

/** What can be found out about this machine that the files depend on. What is not found is left out. */
export async function detectHost(context: Pick<Context, 'env'>): Promise<Partial<SiteAnswers>> {
  const [nginx, systemd] = await Promise.all([
    ask(context, 'nginx', ['-v'], /nginx version: nginx\/(\d+\.\d+\.\d+)/),
    ask(context, 'systemctl', ['--version'], /^systemd (\d+)/),
  ])
  return {
    ...acceptable('nginxVersion', nginx),
    ...acceptable('systemdVersion', systemd === null ? null : Number(systemd)),
    ...nginxLayout(),
    ...nginxAccount(),
    ...ownName(),
    ipv6: (readText('/proc/net/if_inet6') ?? '') !== '',
    workers: workerCount(),
    node: nodePath(),
    tsicorn: fileURLToPath(new URL('../../../bin/tsicorn.js', import.meta.url)),
  }
}

/** As many workers as the machine has room for, and two at least: one serves on while the other is busy or replaced. */
export function workerCount(): number {
  return Math.max(2, availableWorkers().count)
}

async function ask(
  { env }: Pick<Context, 'env'>,
  program: string,
  args: readonly string[],
  answer: RegExp,
): Promise<string | null> {
  // Debian keeps nginx where only root's PATH leads.
  const path = `${env['PATH'] ?? ''}:/usr/sbin:/sbin`
  try {
    const { stdout, stderr } = await run(program, [...args], { timeout: patience, env: { PATH: path, LC_ALL: 'C' } })
    return answer.exec(`${stdout}${stderr}`)?.[1] ?? null
  } catch {
    return null
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

// A version manager's path ends with the version: the plain one survives an upgrade.
function nodePath(): string {
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
