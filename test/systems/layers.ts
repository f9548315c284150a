import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { repository } from '../helpers/repository.ts'
import { command } from './command.ts'
import { cache, digest, layer } from './layer-cache.ts'

/** A Debian release, by its name. */
export type Suite = 'bookworm' | 'trixie'

/** Folders that lie over one another, the uppermost first, as overlayfs takes them. */
export type Layers = readonly string[]

/** What every machine has: what a VPS comes with, and what the tests look with. */
const packages = [
  ...['systemd', 'systemd-sysv', 'dbus', 'libnss-systemd', 'cron', 'logrotate', 'sudo', 'util-linux', 'procps'],
  ...['nginx-light', 'openssl', 'ca-certificates', 'curl', 'iproute2', 'libstdc++6', 'libatomic1', 'python3-minimal'],
]

/** The parts of a Debian package source that is not for this machine's own release are not asked for. */
const sources = '/etc/apt/sources.list.d/debian.sources'

/** nspawn mounts the controllers of cgroup v1 read-only, though the subtree is the machine's own. */
const init = `#!/bin/sh
for controller in memory pids cpu cpuacct blkio cpuset freezer devices; do
  [ -d "/sys/fs/cgroup/$controller" ] || continue
  mount -o remount,rw,nosuid,nodev,noexec,bind "/sys/fs/cgroup/$controller" 2>/dev/null ||
    mount -o remount,rw,nosuid,nodev,noexec "/sys/fs/cgroup/$controller"
done
exec /lib/systemd/systemd "$@"
`

/** Words before a program that starts much and mounts much: both are in a world of its own, which ends with us, killed or not. */
export const ownWorld = [
  '--pdeathsig',
  'KILL',
  'unshare',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  '--',
]

/** A Debian release as debootstrap leaves it, from the package sources of this host. */
export function debian(suite: Suite): Promise<string> {
  return layer(suite, JSON.stringify([packages, init, readFileSync(sources, 'utf8')]), async (folder) => {
    const list = `${folder}.sources`
    writeFileSync(list, readFileSync(sources, 'utf8').replaceAll('bookworm', suite))
    const flags = ['--variant=minbase', `--include=${packages.join(',')}`, '--quiet']
    const lean = ['doc', 'man', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`)
    const apt = ['--aptopt=Acquire::Languages "none"', '--aptopt=APT::Install-Recommends "false"']
    try {
      await command('setpriv', [...ownWorld, 'mmdebstrap', ...flags, ...lean, ...apt, suite, folder, list], {
        within: 540_000,
      })
    } finally {
      rmSync(list, { force: true })
    }
    // An empty one is filled at boot (machine-id(5)); without it systemd takes the first boot for an installation.
    writeFileSync(join(folder, 'etc/machine-id'), '')
    writeFileSync(join(folder, 'sbin/init-machine'), init, { mode: 0o755 })
  })
}

/** What apt adds to a Debian release for further packages, to lie over it. */
export async function packagesFor(suite: Suite, names: readonly string[]): Promise<string> {
  const below = await debian(suite)
  return layer(`packages-${suite}`, JSON.stringify([below, names, install]), async (folder) => {
    const scratch = `${folder}.work`
    mkdirSync(join(scratch, 'root'), { recursive: true })
    mkdirSync(join(scratch, 'work'))
    try {
      await command('setpriv', [...ownWorld, 'sh', '-euc', install, 'install', below, folder, scratch, ...names], {
        within: 300_000,
      })
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  })
}

/** Nothing of what apt has fetched stays, and no daemon is started meanwhile: there is no systemd in it. */
const install = `below=$1 upper=$2 scratch=$3
shift 3
mount -t overlay overlay -o "lowerdir=$below,upperdir=$upper,workdir=$scratch/work" "$scratch/root"
mount -t proc proc "$scratch/root/proc"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
chroot "$scratch/root" apt-get -q update
chroot "$scratch/root" apt-get -q install --yes --no-install-recommends "$@"
rm -rf "$upper"/var/lib/apt/lists "$upper"/var/cache/apt/*.bin "$upper"/var/cache/apt/archives/*.deb`

/** What is in packages of any Debian release and in all they depend on, unpacked and not set up. */
export function unpacked(suite: string, name: string): Promise<string> {
  const [first = ''] = readFileSync(sources, 'utf8').split('\n\n')
  const source = first.replace(/^Suites:.*$/m, `Suites: ${suite}`)
  return layer(`unpacked-${suite}`, JSON.stringify([name, source]), async (folder) => {
    const list = `${folder}.sources`
    writeFileSync(list, `${source}\n`)
    // A mirror that stands still has a list of the next release that is past its time.
    const apt = ['Acquire::Languages "none"', 'APT::Install-Recommends "false"', 'Acquire::Check-Valid-Until "false"']
    const flags = ['--variant=extract', `--include=${name}`, '--quiet', ...apt.map((line) => `--aptopt=${line}`)]
    await command('setpriv', [...ownWorld, 'mmdebstrap', ...flags, suite, folder, list], { within: 300_000 })
    rmSync(list)
  })
}

/** Node.js of a major version at /usr/bin/node: the one that runs this, or the registry's. */
export function node(major: number): Promise<string> {
  const isOurs = process.versions.node.startsWith(`${major}.`)
  return layer(`node-${major}`, isOurs ? process.version : `registry ${major}`, async (folder) => {
    let binary = process.execPath
    const scratch = `${folder}.npm`
    if (!isOurs) {
      const name = `node-linux-${process.arch}`
      await npm(['install', '--prefix', scratch, `${name}@${major}`])
      binary = join(scratch, 'node_modules', name, 'bin', 'node')
    }
    mkdirSync(join(folder, 'usr/bin'), { recursive: true })
    cpSync(binary, join(folder, 'usr/bin/node'), { dereference: true })
    rmSync(scratch, { recursive: true, force: true })
  })
}

/** tsicorn as `npm install --global` leaves it from the packed tarball, with all it depends on; a run packs it once. */
export async function tsicorn(): Promise<string> {
  return process.env['TSICORN_TEST_PACKED'] ?? packed()
}

async function packed(): Promise<string> {
  const scratch = mkdtempSync(join(cache(), 'pack-'))
  try {
    await command(process.execPath, [join(repository, 'test/join-modules.mjs')], { within: 60_000 })
    await npm(['pack', '--ignore-scripts', '--pack-destination', scratch, repository])
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }
    const tarball = join(scratch, `tsicorn-${version}.tgz`)
    const lock = readFileSync(join(repository, 'package-lock.json'), 'utf8')
    return await layer('tsicorn', `${digest(readFileSync(tarball))} ${digest(lock)}`, async (folder) => {
      const prefix = join(folder, 'usr/local')
      await npm(['install', '--global', '--ignore-scripts', '--prefix', prefix, tarball])
    })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** A box for Vagrant and libvirt with that release and that Node.js: the folder of the file `machine.box`. */
export async function box(suite: Suite, major: number): Promise<string> {
  const recipe = join(repository, 'vagrant/box')
  const binary = join(await node(major), 'usr/bin/node')
  const key = JSON.stringify([digestOfFolder(recipe), binary, readFileSync(sources, 'utf8')])
  return layer(`box-${suite}`, key, async (folder) => {
    const env = { ...process.env, NODE: binary }
    const words = [...ownWorld, join(recipe, 'build'), suite, join(folder, 'machine.box')]
    await command('setpriv', words, { within: 600_000, env })
  })
}

/** Runs npm, of which nothing is heard but errors. */
export function npm(args: readonly string[]): Promise<string> {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  return command(process.execPath, [npmProgram(), ...args, ...quiet], { within: 240_000 })
}

/** npm beside the node that runs this: its own start line would look for another node in PATH. */
function npmProgram(): string {
  const beside = join(dirname(process.execPath), '..', 'lib/node_modules/npm/bin/npm-cli.js')
  const started = process.env['npm_execpath']
  const found = [started, beside].find((path) => path !== undefined && existsSync(path))
  if (found === undefined) throw new Error(`npm is not beside ${process.execPath}`)
  return found
}

/** Other when a path in it or the content of a file is. */
export function digestOfFolder(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort()
  return digest(paths.map((path) => `${relative(folder, path)} ${digest(readFileSync(path))}`).join())
}
