import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { request } from '../helpers/http-request.ts'
import { childPids, spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'
import { settled, until } from '../helpers/until.ts'
import type { Contender } from './contenders.ts'
import type { PeerTools } from './peer-tools.ts'

const programs = join(repository, 'test', 'bench', 'programs')

/** A server that is to be started on a port of 127.0.0.1, with a folder of its own to write into. */
export type PeerOrder = {
  readonly app: string
  readonly port: number
  readonly workers: number
  readonly folder: string
}

type Command = {
  readonly who: string
  readonly file: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** How long one may take to answer, and to end when it is told to, in milliseconds. */
const [patience, farewell] = [60_000, 15_000] as const

/** With the worker it has by default: one request at a time, and a connection for each. The application is one of Python. */
export function startGunicorn({ gunicorn }: PeerTools, order: PeerOrder): Promise<Contender> {
  const args = ['--bind', `127.0.0.1:${order.port}`, '--workers', String(order.workers), '--backlog', '2048']
  const command = { who: 'Gunicorn (sync, Python)', file: gunicorn?.path ?? '', args: [...args, 'wsgi:app'] }
  return start({ ...command, env: { PYTHONPATH: programs, PYTHONDONTWRITEBYTECODE: '1' } }, order)
}

/** Passenger Standalone with the HTTP server that it brings. */
export function startPassenger({ passenger }: PeerTools, order: PeerOrder): Promise<Contender> {
  const { app, port, workers, folder } = order
  // Its loader is CommonJS, and an application that is a module comes by import().
  const startup = `process.env.SERVE_APP = ${JSON.stringify(app)}\nvoid import('./listens.mjs')\n`
  writeFileSync(join(folder, 'app.cjs'), startup)
  copyFileSync(join(programs, 'listens.mjs'), join(folder, 'listens.mjs'))
  const pool = ['--max-pool-size', String(workers), '--min-instances', String(workers)]
  const place = ['--address', '127.0.0.1', '--port', String(port), '--environment', 'production']
  const kind = ['--engine', 'builtin', '--app-type', 'node', '--startup-file', 'app.cjs']
  const quiet = ['--no-install-runtime', '--no-compile-runtime', '--disable-security-update-check']
  const args = ['start', ...kind, ...place, ...pool, ...quiet, '--disable-anonymous-telemetry']
  return start({ who: 'Passenger', file: passenger?.path ?? '', args }, order)
}

/** Watt takes one worker for what clients reach where Node.js cannot share a port (SO_REUSEPORT, Node 22.12). */
export function startWatt({ watt }: PeerTools, order: PeerOrder): Promise<Contender> {
  const { app, port, workers, folder } = order
  const modules = watt?.modules ?? ''
  const own = join(folder, 'bench')
  mkdirSync(own)
  symlinkSync(modules, join(folder, 'node_modules'))
  copyFileSync(join(programs, 'listens.mjs'), join(own, 'index.mjs'))
  const write = (path: string, value: unknown): void => writeFileSync(join(folder, path), JSON.stringify(value))
  const schema = (name: string) => `https://schemas.platformatic.dev/${name}/${watt?.version}.json`
  write('package.json', { private: true })
  write('watt.json', {
    ...{ $schema: schema('wattpm'), entrypoint: 'bench', server: { hostname: '127.0.0.1', port }, workers },
    ...{ watch: false, logger: { level: 'error' }, web: [{ id: 'bench', path: './bench' }] },
  })
  const dependencies = { '@platformatic/node': '*' }
  write('bench/package.json', { name: 'bench', type: 'module', main: 'index.mjs', dependencies })
  write('bench/watt.json', { $schema: schema('@platformatic/node'), watch: false })
  const args = [join(modules, 'wattpm', 'bin', 'wattpm.js'), 'start']
  const count = canSharePorts() ? '' : ' (1 worker)'
  return start({ who: `Watt${count}`, file: process.execPath, args, env: { SERVE_APP: app } }, order)
}

function canSharePorts(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 12)
}

export function peerFolder(dir: string): string {
  return mkdtempSync(join(dir, 'peer-'))
}

async function start({ who, file, args, env: own = {} }: Command, order: PeerOrder): Promise<Contender> {
  const env = cleanEnvironment({ ...own, NODE_ENV: 'production' })
  const begin = performance.now()
  const group = spawnGroup(file, args, { env, cwd: order.folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  group.child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000)
  })
  let isGone = false
  group.ended.then(
    () => {
      isGone = true
    },
    () => {
      isGone = true
    },
  )
  // Some of its processes may have left the group: it has to end them itself.
  const end = async (): Promise<void> => {
    if (!isGone) process.kill(group.pid, 'SIGTERM')
    await settled(group.ended, { what: `${who} to end`, within: farewell }).catch(() => undefined)
    await group.kill()
  }
  const answers = async (): Promise<boolean> => isGone || (await request({ port: order.port }, '/')).status === 200
  try {
    await until(answers, { what: `${who} to answer`, within: patience })
    if (isGone) throw new Error('it ended')
  } catch (cause) {
    await end()
    throw new Error(`${who} does not start: ${text}`, { cause })
  }
  const pids = (): readonly number[] => familyOf(group.pid)
  return { who, pid: group.pid, pids, readyMs: performance.now() - begin, env, [Symbol.asyncDispose]: end }
}

/** A process and all that come from it. */
function familyOf(pid: number): readonly number[] {
  return [pid, ...childPids(pid).flatMap(familyOf)]
}
