import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, homedir, release } from 'node:os'
import { join } from 'node:path'
import { nginxVersion } from '../grid/nginx-version.ts'
import { installDebian } from '../helpers/install-debian.mjs'
import { repository } from '../helpers/repository.ts'
import { findProgram } from '../stack/needs.ts'

/** What the benchmark compares with and measures by; null where it is missing. */
export type Tools = {
  readonly wrk: string | null
  readonly nginx: string | null
  /** The script of `pm2-runtime`, which is PM2 without its daemon, and that of `pm2`. */
  readonly pm2: { readonly runtime: string; readonly cli: string; readonly version: string } | null
  readonly versions: readonly string[]
  readonly skipped: readonly string[]
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Finds the tools, and installs what is missing: Debian packages as root, PM2 into a folder of its own. */
export function findTools(): Tools {
  const missing = ['wrk', 'nginx'].filter((name) => findProgram(name) === null)
  if (missing.length > 0 && process.getuid?.() === 0 && findProgram('apt-get') !== null) installDebian(missing, say)
  const [wrk, nginx, pm2] = [findProgram('wrk'), findProgram('nginx'), findPm2()]
  const versions = [
    `tsicorn ${versionIn(repository)}`,
    `Node.js ${process.version}`,
    ...(nginx === null ? [] : [`nginx ${nginxVersion(nginx)}`]),
    ...(wrk === null ? [] : [wrkVersion(wrk)]),
    ...(pm2 === null ? [] : [`PM2 ${pm2.version}`]),
    ...['express', 'fastify'].map((name) => `${name} ${versionIn(join(repository, 'node_modules', name))}`),
  ]
  const skipped = [
    ...(wrk === null ? ['all that wrk measures: wrk is not installed (Debian package wrk)'] : []),
    ...(nginx === null ? ['everything behind nginx: it is not installed (Debian package nginx)'] : []),
    ...(pm2 === null ? ['PM2: it cannot be installed from npm'] : []),
    'Watt: it serves applications in threads of its own making, not the same program on the same sockets',
    'Gunicorn, Passenger: they do not run, or do not hand over to, the same application the same way',
  ]
  return { wrk, nginx, pm2, versions, skipped }
}

export function machine(): string {
  const [cpu] = cpus()
  const memory = Number(/^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) / 1024 ** 2
  return `${cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'}, ${memory.toFixed(0)} GiB, Linux ${release()}`
}

function findPm2(): Tools['pm2'] {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const folder = join(cache, 'tsicorn-bench', 'pm2')
  const found = join(folder, 'node_modules', 'pm2')
  try {
    if (!existsSync(join(found, 'package.json'))) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, 'package.json'), '{ "private": true }')
      say('Installing PM2 from npm')
      const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', 'pm2']
      execFileSync('npm', args, { cwd: folder, timeout: 300_000, stdio: 'pipe' })
    }
    const script = (name: string): string => join(found, 'bin', name)
    return { runtime: script('pm2-runtime'), cli: script('pm2'), version: versionIn(found) }
  } catch {
    return null
  }
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}

function wrkVersion(wrk: string): string {
  return /wrk \S+/.exec(spawnSync(wrk, ['-v'], { encoding: 'utf8' }).stdout)?.[0] ?? 'wrk'
}
