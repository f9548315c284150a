import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { repository } from '../helpers/repository.ts'
import { runProgram } from '../helpers/run-program.ts'
import { until } from '../helpers/until.ts'
import { command } from './command.ts'
import { environment } from './environment.ts'
import { digest } from './layer-cache.ts'
import { keepListing, pathsChanged } from './listing.ts'
import type { System } from './system.ts'
import { type Door, waysIn } from './ways-in.ts'

/** What is done to a machine before it is asked, of which a snapshot is kept by its name for the next time. */
export type Preparation = { readonly name: string; readonly prepare: (system: System) => Promise<void> }

/** How the machine is reached, and who comes in: Vagrant's user until root may come in with the same key. */
type Connection = { readonly config: string; readonly socket: string; readonly user: 'vagrant' | 'root' }

/**
 * A machine of Vagrant's, as it was before anything was set up on it: what of `layers` it does not have is put there
 * once, and a snapshot is taken, to which it returns; where something is to be prepared, to one of when that was done.
 * Ports 80 and 443 of this host's loopback interface lead into it.
 */
export async function bootMachine(name: string, layers: readonly string[], preparation?: Preparation): Promise<System> {
  const scratch = await mkdtemp(join(tmpdir(), 'tvag-'))
  const connection: Connection = { config: join(scratch, 'ssh-config'), socket: join(scratch, 'ssh'), user: 'root' }
  const leave = async () => {
    await disconnect(connection)
    await rm(scratch, { recursive: true, force: true })
  }
  try {
    await writeFile(connection.config, await vagrant('ssh-config', name))
    const furnished = `furnished-${digest(layers.map((layer) => basename(layer)).join()).slice(0, 12)}`
    const prepared = preparation === undefined ? furnished : `${preparation.name}-on-${furnished}`
    const made = await vagrant('snapshot', 'list', name)
    const snapshot = [prepared, furnished].find((one) => made.includes(one))
    if (snapshot !== undefined) await vagrant('snapshot', 'restore', name, snapshot, '--no-provision', '--no-start')
    else await furnish(name, { ...connection, user: 'vagrant' }, layers)
    await connect(name, connection)
    if (snapshot === undefined) await keep(name, connection, furnished)
    const system = systemOf(name, connection, leave)
    if (preparation === undefined || snapshot === prepared) return system
    await preparation.prepare(system)
    await keep(name, connection, prepared)
    return system
  } catch (error) {
    await leave()
    throw error
  }
}

function systemOf(name: string, connection: Connection, leave: () => Promise<void>): System {
  const commands = waysIn(door(name, connection))
  return {
    name,
    ...commands,
    changes: () => pathsChanged(commands.run),
    reboot: async () => {
      const boot = await commands.run('cat /proc/sys/kernel/random/boot_id')
      await commands.attempt('systemctl reboot')
      await disconnect(connection)
      const isBack = async () => {
        await connect(name, connection)
        return (await commands.run('cat /proc/sys/kernel/random/boot_id')) !== boot || void disconnect(connection)
      }
      await until(isBack, { what: `${name} to be up again`, within: 180_000 })
      await isUp(commands)
    },
    enterBy: `cd vagrant && vagrant ssh ${name}`,
    endBy: `cd vagrant && vagrant destroy --force ${name}`,
    // The processes of the machine are libvirt's, not ours.
    release: () => undefined,
    [Symbol.asyncDispose]: leave,
  }
}

/** Puts the layers into the machine, but for a Node.js that is the one it has. */
async function furnish(name: string, connection: Connection, layers: readonly string[]): Promise<void> {
  await connect(name, connection)
  const commands = waysIn(door(name, connection))
  await isUp(commands)
  for (const layer of layers) {
    const node = join(layer, 'usr/bin/node')
    if (existsSync(node)) {
      const ours = (await command(node, ['--version'])).trim()
      if ((await commands.attempt('node --version')).stdout.trim() === ours) continue
    }
    const [enter = '', ...words] = commands.entry()
    // Without the folder itself: another run may tell it that it is in use (utimes(2)), and tar takes that for a change.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: for a shell
    const line = 'cd "$1"; tar --owner=0 --group=0 -czf - -- * | "${@:2}" tar --no-overwrite-dir -xzf - -C /'
    await command('bash', ['-euo', 'pipefail', '-c', line, 'put', layer, enter, ...words], { within: 240_000 })
  }
  await commands.run('systemctl reset-failed')
  // Who comes in as root needs no sudo(8), which takes an emulated processor a quarter of a second each time.
  await commands.run('install -D -m 600 /home/vagrant/.ssh/authorized_keys /root/.ssh/authorized_keys')
  await keepListing(commands.run)
  await disconnect(connection)
}

/** Takes a snapshot, with nobody connected and all written down, and comes back. */
async function keep(name: string, connection: Connection, snapshot: string): Promise<void> {
  await waysIn(door(name, connection)).run('sync')
  await disconnect(connection)
  await vagrant('snapshot', 'save', name, snapshot)
  await connect(name, connection)
}

/** One connection that all others go through: under emulation a handshake takes seconds. */
async function connect(name: string, { config, socket, user }: Connection): Promise<void> {
  const doors = [80, 443].flatMap((port) => ['-L', `127.0.0.1:${port}:127.0.0.1:${port}`])
  const lasting = ['-o', 'ControlMaster=yes', '-o', `ControlPath=${socket}`, '-o', 'ExitOnForwardFailure=yes']
  // The newest key exchange, against computers of the future, takes an emulated processor half a minute.
  const alive = ['-o', 'ServerAliveInterval=15', '-o', 'ConnectTimeout=20', '-o', 'KexAlgorithms=curve25519-sha256']
  const words = ['-F', config, '-o', `User=${user}`, ...lasting, ...alive, ...doors, '-f', '-N', '-n', name]
  // It goes into the background with what it writes to, and a pipe would be waited for. What has not left the process group
  // of the command by its end is killed with it, so ssh has a session of its own before it does.
  const start = async () => {
    await command('bash', [
      '-c',
      '"$@" > "$0" 2>&1 || { cat "$0"; exit 1; }',
      `${socket}.log`,
      'setsid',
      'ssh',
      ...words,
    ])
    return true
  }
  await until(start, { what: `ssh into ${name}`, within: 120_000 })
}

async function disconnect({ config, socket }: Connection): Promise<void> {
  if (!existsSync(socket)) return
  await runProgram('ssh', ['-F', config, '-o', `ControlPath=${socket}`, '-O', 'exit', 'machine'], { env: process.env })
  await rm(socket, { force: true })
}

/** What runs in the machine comes in by ssh; its ports are reached on this host. */
function door(name: string, { config, socket, user }: Connection): Door {
  const pairs = Object.entries(environment).map(([variable, value]) => `${variable}=${value}`)
  const inside = `${user === 'root' ? '' : 'sudo -n '}env --chdir=/ --ignore-environment ${pairs.join(' ')}`
  const ssh = `exec ssh -F '${config}' -o ControlPath='${socket}' -o LogLevel=ERROR '${name}'`
  return {
    // ssh hands one line to a shell at the other end: each word is quoted for it.
    entry: () => ['bash', '-c', `${ssh} "${inside} \${*@Q}"`, 'enter'],
    inNetwork: (file, args) => [file, args],
  }
}

async function isUp({ attempt }: Pick<System, 'attempt'>): Promise<void> {
  const state = async () => (await attempt('systemctl is-system-running || true')).stdout
  await until(async () => /^(running|degraded)$/m.test(await state()), { what: 'systemd to be up', within: 120_000 })
}

function vagrant(...args: readonly string[]): Promise<string> {
  const quoted = args.map((word) => `'${word}'`).join(' ')
  const line = `cd '${join(repository, 'vagrant')}' && vagrant --no-tty ${quoted}`
  return command('sh', ['-c', line], { within: 180_000 })
}
