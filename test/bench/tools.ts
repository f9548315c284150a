import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { nginxVersion } from '../grid/nginx-version.ts'
import { installDebian } from '../helpers/install-debian.mjs'
import { repository } from '../helpers/repository.ts'
import { findProgram } from '../stack/needs.ts'
import { findPeers, fromNpm, type PeerTools, versionIn } from './peer-tools.ts'

/** What the benchmark compares with and measures by; null where it is missing. */
export type Tools = {
  readonly wrk: string | null
  readonly nginx: string | null
  /** The script of `pm2-runtime`, which is PM2 without its daemon, and that of `pm2`. */
  readonly pm2: { readonly runtime: string; readonly cli: string; readonly version: string } | null
  /** Those that only the part peers needs. */
  readonly peers: PeerTools
  readonly versions: readonly string[]
  readonly skipped: readonly string[]
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Finds the tools, and installs what is missing: Debian packages as root, PM2 into a folder of its own. */
export function findTools(): Tools {
  const missing = ['wrk', 'nginx'].filter((name) => findProgram(name) === null)
  if (missing.length > 0 && process.getuid?.() === 0 && findProgram('apt-get') !== null) installDebian(missing, say)
  const [wrk, nginx, pm2] = [findProgram('wrk'), findProgram('nginx'), findPm2()]
  const peers = findPeers()
  const versions = [
    `tsicorn ${versionIn(repository)}`,
    `Node.js ${process.version}`,
    ...(nginx === null ? [] : [`nginx ${nginxVersion(nginx)}`]),
    ...(wrk === null ? [] : [wrkVersion(wrk)]),
    ...(pm2 === null ? [] : [`PM2 ${pm2.version}`]),
    ...peers.versions,
    ...['express', 'fastify'].map((name) => `${name} ${versionIn(join(repository, 'node_modules', name))}`),
  ]
  const skipped = [
    ...(wrk === null ? ['all that wrk measures: wrk is not installed (Debian package wrk)'] : []),
    ...(nginx === null ? ['everything behind nginx: it is not installed (Debian package nginx)'] : []),
    ...(pm2 === null ? ['PM2: it cannot be installed from npm'] : []),
    ...peers.skipped,
  ]
  return { wrk, nginx, pm2, peers, versions, skipped }
}

export function machine(): string {
  const [cpu] = cpus()
  const memory = Number(/^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) / 1024 ** 2
  return `${cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'}, ${memory.toFixed(0)} GiB, Linux ${release()}`
}

function findPm2(): Tools['pm2'] {
  const modules = fromNpm('pm2', ['pm2'])
  if (modules === null) return null
  const script = (name: string): string => join(modules, 'pm2', 'bin', name)
  return { runtime: script('pm2-runtime'), cli: script('pm2'), version: versionIn(join(modules, 'pm2')) }
}

function wrkVersion(wrk: string): string {
  return /wrk \S+/.exec(spawnSync(wrk, ['-v'], { encoding: 'utf8' }).stdout)?.[0] ?? 'wrk'
}
