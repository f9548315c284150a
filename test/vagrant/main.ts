// `npm run test:vagrant`: the tests of test/systems in a machine of Vagrant's. Words select test files, `trixie` is
// Debian 13 instead of 12, `itself` the tests of such a run itself, `--keep` keeps the machine in which something failed
// until Ctrl-C.
// As root on Debian: what is missing is installed, a box is built from Debian packages and kept for the next run, and
// libvirt, its bridge and the machine live in a network of the run's own. With this process all of it is gone, killed or not.
// Where that cannot be had, it says why and ends with 2, or with 0 when `--if-possible` is given.
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { installDebian } from '../helpers/install-debian.mjs'
import { childPids, type ProcessGroup, spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'
import { until } from '../helpers/until.ts'
import { findProgram } from '../stack/needs.ts'
import { careFor } from '../systems/clear-away.ts'
import { command } from '../systems/command.ts'
import { guestbook } from '../systems/guestbook.ts'
import { box, node, tsicorn } from '../systems/layers.ts'
import { type Release, releases } from '../systems/site.ts'
import { machineGroups } from './files.ts'
import { relay } from './relay.ts'

/** Programs, and the Debian package each is in; what Vagrant needs besides comes with them. */
const programs = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  mmdebstrap: 'mmdebstrap',
  vagrant: 'vagrant',
  libvirtd: 'libvirt-daemon-system',
  virsh: 'libvirt-clients',
  dnsmasq: 'dnsmasq-base',
  rsync: 'rsync',
  ssh: 'openssh-client',
  curl: 'curl',
  openssl: 'openssl',
} as const

/** How many times longer things may take under emulation: it makes them some 13 times slower, and a busy host as much again. */
const slownessOfEmulation = '30'

const begun = performance.now()
const say = (line: string): void =>
  void process.stdout.write(`${Math.round((performance.now() - begun) / 1000)} s: ${line}\n`)

const scratch = mkdtempSync(join(tmpdir(), 'tsicorn-vagrant-'))
const caretaker = careFor(basename(scratch), scratch)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => process.exit(128 + constants.signals[signal]))
process.exitCode = await main().finally(caretaker.clear)

async function main(): Promise<number> {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({ options: { keep: flag, 'if-possible': flag }, allowPositionals: true })
  const names = ({ suite, title }: Release) => [suite, title.toLowerCase().replace(' ', '')]
  const release = releases.find((one) => names(one).some((name) => positionals.includes(name))) ?? releases[0]
  const words = positionals.filter((word) => release !== undefined && !names(release).includes(word))
  const lacking = prepareHost()
  if (release === undefined || lacking !== null) return unable(lacking ?? 'no release', values['if-possible'])
  // What libvirt and mmdebstrap leave in a temporary folder goes with ours.
  process.env['TMPDIR'] = scratch
  say(`the box of ${release.title}`)
  const folder = await box(release.suite, release.node)
  // Made here, where there is a network to fetch what they need from.
  const [driver, packed] = await Promise.all([probe(folder), tsicorn(), guestbook(), node(release.node)])
  process.env['TSICORN_TEST_PACKED'] = packed
  if (driver === 'none') return unable('no kernel boots here, neither on KVM nor emulated', values['if-possible'])
  if (positionals.includes('itself')) return testRun()
  const env = {
    ...process.env,
    VAGRANT_CWD: join(repository, 'vagrant'),
    VAGRANT_CHECKPOINT_DISABLE: '1',
    VAGRANT_DEFAULT_PROVIDER: 'libvirt',
    TSICORN_BOX: `tsicorn/${release.suite}`,
    TSICORN_DRIVER: driver,
    TSICORN_TEST_MACHINE: release.suite,
    ...(driver === 'qemu' ? { TSICORN_TEST_SLOWNESS: slownessOfEmulation } : {}),
    ...(values.keep ? { TSICORN_TEST_KEEP: '1' } : {}),
  }
  const groups = words.length > 0 ? [words] : machineGroups
  say(`${groups.length === 1 ? 'a machine' : `${groups.length} machines`}, with ${driver}`)
  // One alone does not keep two processors busy: it starts, waits and answers by turns.
  const runs = groups.map((group, index) =>
    inHostOfItsOwn(String(index + 1), [join(folder, 'machine.box'), ...group], env),
  )
  const statuses = await Promise.all(runs)
  const status = statuses.find((one) => one !== 0) ?? 0
  say(status === 0 ? 'done' : `failed with ${status}`)
  return status
}

/** Says why nothing was run: the exit status. */
function unable(reason: string, isFine: boolean): number {
  say(`skipped: ${reason}. vagrant/README.md says how to run the tests in a machine that you have started.`)
  return isFine ? 0 : 2
}

/** Installs what is missing, if that can be done: null, or what this host lacks. */
function prepareHost(): string | null {
  const lacking = () => Object.keys(programs).filter((name) => findProgram(name) === null) as (keyof typeof programs)[]
  const isRoot = process.getuid?.() === 0
  if (isRoot && existsSync('/etc/debian_version') && lacking().length > 0)
    installDebian([...lacking().map((name) => programs[name]), 'vagrant-libvirt'], say)
  const missing = lacking()
  if (!isRoot) return 'only root can make a network for machines'
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`
}

/** What the kernel of the box boots on here: kvm, qemu, or none. */
async function probe(folder: string): Promise<string> {
  await command('tar', ['-C', scratch, '-xzf', join(folder, 'machine.box'), 'vmlinuz'])
  return (await command(join(repository, 'vagrant/box/probe'), [join(scratch, 'vmlinuz')])).trim()
}

/** The tests of this run itself, and of the description of the machines. */
async function testRun(): Promise<number> {
  const programs = ['vagrantfile.ts', 'none.ts', 'interrupted.ts'].map((name) => join(import.meta.dirname, name))
  const runner = ['--test', '--test-reporter=spec', '--test-timeout=900000', '--test-concurrency=1']
  const words = ['--import', 'tsx', ...runner, ...programs]
  return ended(spawnGroup(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], cwd: repository }), 'run')
}

/** Runs inside.ts with network, mounts and processes of its own, which end with it, and with us. */
async function inHostOfItsOwn(name: string, args: readonly string[], common: NodeJS.ProcessEnv): Promise<number> {
  const place = join(scratch, name)
  mkdirSync(place)
  const [host, inside] = ['host.sh', 'inside.ts'].map((file) => join(import.meta.dirname, file))
  const own = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
  const program = [process.execPath, '--import', 'tsx', inside ?? '', ...args]
  const words = ['--pdeathsig', 'KILL', ...own, 'bash', host ?? '', place, ...program]
  const env = { ...common, VAGRANT_HOME: join(place, 'vagrant'), VAGRANT_DOTFILE_PATH: join(place, 'state') }
  const group = spawnGroup('setpriv', words, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd: repository })
  const first = await until(() => childPids(group.pid)[0], { what: 'a host of the run’s own' })
  say(`host ${name}: nsenter --target ${first} --mount --net --pid`)
  return ended(group, name)
}

/** Its exit status, when all it says has been passed on. */
async function ended(group: ProcessGroup, word: string): Promise<number> {
  relay(group.child, `${word} |`)
  const { code } = await group.ended
  await group.kill()
  return code ?? 1
}
