import { execFile } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childPids, type ProcessGroup, spawnGroup } from '../helpers/process-group.ts'
import { until } from '../helpers/until.ts'
import { changedPaths } from './changed-paths.ts'
import { careFor, clearingLine } from './clear-away.ts'
import { environment } from './environment.ts'
import type { Layers } from './layers.ts'
import type { System } from './system.ts'
import { type Door, waysIn } from './ways-in.ts'

type Booted = { readonly group: ProcessGroup; readonly leader: number }

/**
 * Boots a machine from layers: systemd-nspawn with a network of its own. It is gone when it leaves scope, and also when this
 * process is killed: its own first process is in a session that no signal to ours reaches.
 */
export async function bootContainer(layers: Layers): Promise<System> {
  const scratch = await mkdtemp(join(tmpdir(), 'tsys-'))
  // Also the name of its cgroups, and of the host inside.
  const name = scratch.slice(scratch.lastIndexOf('/') + 1).toLowerCase()
  const caretaker = careFor(name, scratch)
  let booted = await start(name, layers, scratch)
  const commands = waysIn(door(() => booted.leader))
  return {
    name,
    ...commands,
    changes: async () => changedPaths(join(scratch, 'changes'), layers),
    reboot: async () => {
      await commands.attempt('systemctl reboot')
      await stopped(booted.group)
      booted = await start(name, layers, scratch)
    },
    get enterBy() {
      return `nsenter --target ${booted.leader} --all env --chdir=/ -i TERM=xterm HOME=/root bash -l`
    },
    get endBy() {
      return clearingLine(name, scratch)
    },
    release: () => {
      caretaker.dismiss()
      booted.group.release()
    },
    [Symbol.asyncDispose]: async () => {
      await caretaker.clear()
      await booted.group.kill()
    },
  }
}

/** The namespaces of a machine whose first process has this pid at the moment. */
function door(leader: () => number): Door {
  const enter = (...flags: readonly string[]) => ['--target', String(leader()), ...flags]
  return {
    entry: () => {
      const all = ['--mount', '--uts', '--ipc', '--net', '--pid']
      return ['nsenter', ...enter(...all, '--', 'env', '--chdir=/', '--ignore-environment', ...pairs())]
    },
    inNetwork: (file, args) => ['nsenter', enter('--net', '--', file, ...args)],
  }
}

async function start(name: string, layers: Layers, scratch: string): Promise<Booted> {
  const script = join(import.meta.dirname, 'boot.sh')
  const words = ['--mount', '--propagation', 'private', '--', 'bash', script, name, layers.join(':'), scratch]
  const console = join(scratch, 'console')
  // Not a pipe: a machine that is kept outlives its reader.
  const output = openSync(console, 'a')
  const group = spawnGroup('unshare', words, { stdio: ['ignore', output, output] })
  closeSync(output)
  const first = () => {
    if (group.child.exitCode !== null) throw new Error(`the machine did not boot:\n${readFileSync(console, 'utf8')}`)
    return childPids(group.pid).find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'systemd\n')
  }
  const leader = await until(first, { what: `the first process of ${name}`, within: 60_000 })
  const isUp = async () => /^(running|degraded)$/m.test(await stateOf(leader))
  await until(isUp, { what: `systemd of ${name} to be up (${console})`, within: 120_000 })
  return { group, leader }
}

/** What `systemctl is-system-running` says; a few words of no interest to a log of the test. */
function stateOf(leader: number): Promise<string> {
  const words = ['--target', String(leader), '--mount', '--pid', '--net', '--', 'systemctl', 'is-system-running']
  return new Promise((resolve) => {
    execFile('nsenter', words, { env: environment, cwd: '/' }, (_error, stdout) => resolve(stdout))
  })
}

async function stopped(group: ProcessGroup): Promise<void> {
  await until(() => group.child.exitCode !== null, { what: 'the machine to go down', within: 120_000 })
  await group.kill()
}

function pairs(): readonly string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`)
}
