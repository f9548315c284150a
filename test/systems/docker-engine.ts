import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { spawnGroup } from '../helpers/process-group.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { findProgram } from '../stack/needs.ts'
import { careFor } from './clear-away.ts'
import { command } from './command.ts'
import { debian, node, ownWorld } from './layers.ts'
import { needs } from './needs.ts'

/** A Docker engine of our own, with images that stand for those of the registry. */
export type DockerEngine = AsyncDisposable & {
  readonly dir: TempDir
  /** The name of its bridge; that of another one it has begins with this and a hyphen. */
  readonly bridge: string
  /** Runs docker against it, and returns what it said. */
  readonly docker: (args: readonly string[], within?: number) => Promise<string>
  /** The environment that leads programs to it. */
  readonly env: NodeJS.ProcessEnv
}

/** For the `skip` of a test: false where an engine can be started, else why not. */
export function needsDocker(): false | string {
  const missing = ['dockerd', 'docker-compose'].filter((program) => findProgram(program) === null)
  if (missing.length === 0) return needs('bookworm')
  return `not installed: ${missing.join(' ')} (Debian packages: docker.io docker-compose)`
}

/** Starts an engine as below, with its images. */
export async function startDocker(): Promise<DockerEngine> {
  const engine = await startEngine()
  try {
    await makeImages(engine.dir, engine.docker)
    return engine
  } catch (error) {
    await engine[Symbol.asyncDispose]()
    throw error
  }
}

/** A shell reaps what an engine leaves behind. */
const reaper = ['bash', '-c', '"$0" "$@" & wait', '/usr/sbin/dockerd']

/**
 * Starts an engine with its socket, mounts, processes and a network of its own in a scratch folder. Leaving scope ends and
 * removes it all, and so does the end of this process, killed or not.
 */
export async function startEngine(): Promise<DockerEngine> {
  const dir = await tempDir()
  const socket = `unix://${dir.join('docker.sock')}`
  const folders = ['--data-root', dir.join('data'), '--exec-root', dir.join('exec'), '-p', dir.join('pid')]
  // The host stays as it is, a Docker of its own included: no rules of its packet filter, no forwarding, no other bridge
  // than ours. What a container publishes is relayed by a process.
  const filter = ['--iptables=false', '--ip6tables=false', '--ip-forward=false']
  const bridge = `tsd${process.pid}`
  const network = ['--bridge', bridge, '--default-address-pool', 'base=10.213.80.0/20,size=24']
  const flags = [...folders, '-H', socket, ...filter, ...network, '--cgroup-parent', `/${bridge}`]
  // The engine of the distribution goes with the client of the distribution.
  const env = {
    ...process.env,
    PATH: `/usr/sbin:/usr/bin:/sbin:/bin:${process.env['PATH']}`,
    DOCKER_HOST: socket,
    ...{ DOCKER_BUILDKIT: '1', COMPOSE_DOCKER_CLI_BUILD: '1', DOCKER_CONFIG: dir.path },
  }
  const caretaker = careFor(bridge, dir.path)
  await command('ip', ['link', 'add', bridge, 'type', 'bridge'])
  await command('ip', ['address', 'add', '10.213.77.1/24', 'dev', bridge])
  const engine = spawnGroup('setpriv', [...ownWorld, ...reaper, ...flags], { env, stdio: 'ignore' })
  const docker: DockerEngine['docker'] = (args, within = 60_000) => command('/usr/bin/docker', args, { env, within })
  const end = async () => {
    // First of all, or it would start its containers again.
    await engine.kill()
    await caretaker.clear()
  }
  try {
    await until(() => docker(['version']), { within: 60_000, what: 'the engine of Docker to answer' })
  } catch (error) {
    await end()
    throw error
  }
  return { dir, bridge, docker, env, [Symbol.asyncDispose]: end }
}

// Debian with nginx stands for both images the build begins with; one of them has Node.js and npm besides.
async function makeImages(dir: TempDir, docker: DockerEngine['docker']): Promise<void> {
  const archive = dir.join('debian.tar')
  const layer = await debian('trixie')
  // By their names: the layer's own folder is given another time whenever somebody uses it, and tar minds.
  await command('tar', ['-C', layer, '-cf', archive, ...readdirSync(layer)])
  await docker(['import', archive, 'nginx:1.28.0'], 120_000)
  rmSync(archive)
  const context = dir.join('node')
  const packages = join(context, 'usr/local/lib/node_modules')
  mkdirSync(packages, { recursive: true })
  mkdirSync(join(context, 'usr/local/bin'))
  // npm finds the folder of global packages beside the one where node is.
  cpSync(join(await node(24), 'usr/bin/node'), join(context, 'usr/local/bin/node'))
  cpSync(join(dirname(process.execPath), '../lib/node_modules/npm'), join(packages, 'npm'), { recursive: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(context, 'usr/local/bin/npm'))
  const lines = ['FROM nginx:1.28.0', 'COPY . /', ...(await npmSettings(context))]
  const file = await dir.write('Dockerfile.node', `${lines.join('\n')}\n`)
  await docker(['build', '-q', '-t', 'node:24-slim', '-f', file, context], 120_000)
}

/** Where npm of this host gets its packages, it gets them in a build too. */
async function npmSettings(context: string): Promise<readonly string[]> {
  const setting = async (name: string) => (await command('npm', ['config', 'get', name])).trim()
  const [registry, authority] = [await setting('registry'), await setting('cafile')]
  if (['', 'null', 'undefined'].includes(authority)) return [`ENV npm_config_registry=${registry}`]
  mkdirSync(join(context, 'etc'), { recursive: true })
  cpSync(authority, join(context, 'etc/npm-authority.pem'))
  return [`ENV npm_config_registry=${registry} npm_config_cafile=/etc/npm-authority.pem`]
}
