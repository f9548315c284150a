import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { installDebian } from '../helpers/install-debian.mjs'
import { findProgram } from '../stack/needs.ts'

type Program = { readonly path: string; readonly version: string }

/** Other servers of applications; null where one is missing. */
export type PeerTools = {
  readonly gunicorn: Program | null
  readonly passenger: Program | null
  /** The folder of its packages. */
  readonly watt: { readonly modules: string; readonly version: string } | null
  readonly versions: readonly string[]
  readonly skipped: readonly string[]
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Finds them, and installs what is missing: Debian packages as root, Watt into a folder of its own. */
export function findPeers(): PeerTools {
  const gunicorn = fromDebian('gunicorn', /version ([\d.]+)/)
  const passenger = fromDebian('passenger', /Passenger\S* ([\d.]+)/)
  const watt = findWatt()
  const named = { Gunicorn: gunicorn, Passenger: passenger, Watt: watt }
  const versions = Object.entries(named).flatMap(([name, found]) =>
    found === null ? [] : [`${name} ${found.version}`],
  )
  const skipped = [
    ...(gunicorn === null ? ['Gunicorn: it cannot be installed (Debian package gunicorn, as root)'] : []),
    ...(passenger === null ? ['Passenger: it cannot be installed (Debian package passenger, as root)'] : []),
    ...(watt === null ? ['Watt: it cannot be installed from npm'] : []),
  ]
  return { gunicorn, passenger, watt, versions, skipped }
}

function fromDebian(name: string, version: RegExp): Program | null {
  if (findProgram(name) === null && process.getuid?.() === 0 && findProgram('apt-get') !== null)
    installDebian([name], say)
  const path = findProgram(name)
  if (path === null) return null
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  return { path, version: version.exec(stdout ?? '')?.[1] ?? '' }
}

/** The last Watt for Node.js 20 is the second. */
function findWatt(): PeerTools['watt'] {
  const major = Number(process.versions.node.split('.')[0]) > 22 ? 3 : 2
  const folder = fromNpm(`watt-${major}`, [`wattpm@${major}`, `@platformatic/node@${major}`])
  if (folder === null) return null
  return { modules: folder, version: versionIn(join(folder, 'wattpm')) }
}

/** Packages in a folder of their own under the user's cache; the folder of their modules, or null. */
export function fromNpm(name: string, packages: readonly string[]): string | null {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const folder = join(cache, 'tsicorn-bench', name)
  const modules = join(folder, 'node_modules')
  const [first = ''] = packages
  try {
    if (!existsSync(join(modules, first.replace(/(.)@.*/, '$1'), 'package.json'))) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, 'package.json'), '{ "private": true }')
      say(`Installing ${packages.join(', ')} from npm`)
      const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', ...packages]
      execFileSync('npm', args, { cwd: folder, timeout: 300_000, stdio: 'pipe' })
    }
    return modules
  } catch {
    return null
  }
}

export function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}
