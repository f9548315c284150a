import { chown, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { renderBundle } from '../../src/bundle/render.ts'
import { writeBundle } from '../../src/deploy/write-bundle.ts'
import type { SiteAnswers } from '../../src/settings/site-table.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { type Ended, spawnGroup } from '../helpers/process-group.ts'
import { launcher } from '../helpers/repository.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { settled, until } from '../helpers/until.ts'
import { freePorts } from './rehearsal.ts'

export type Typed = {
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Runs as this user; we have to be root for that. */
  readonly uid?: number
  /** Runs on a terminal of its own, with this program before it. */
  readonly terminal?: readonly string[]
}

/** `tsicorn rehearse` as somebody typed it. Everything it makes is in a temporary folder of its own. */
export type Session = AsyncDisposable & {
  readonly pid: number
  readonly scratch: TempDir
  /** What it has printed so far, on either stream. */
  readonly screen: () => string
  readonly stdout: () => string
  /** Waits until it has printed something. */
  readonly shows: (what: RegExp) => Promise<RegExpExecArray>
  readonly type: (keys: string) => void
  readonly ended: () => Promise<Ended>
  readonly signal: (signal: NodeJS.Signals) => void
  /** What is left of it: running processes and scratch folders. */
  readonly traces: () => Promise<readonly string[]>
}

/** Writes the bundle of a site into a folder. */
export async function writeProject(dir: TempDir, site: SiteAnswers): Promise<string> {
  await writeBundle(dir.join('deploy'), renderBundle(site))
  return dir.path
}

/** Types `tsicorn rehearse` with ports of its own; leaving scope kills what is left. */
export async function typeRehearse(args: readonly string[], typed: Typed = {}): Promise<Session> {
  const scratch = await tempDir()
  if (typed.uid !== undefined) await chown(scratch.path, typed.uid, typed.uid)
  const { http, https } = await freePorts()
  const own = ['--http-port', String(http), '--https-port', String(https)]
  const command = [process.execPath, launcher, 'rehearse', ...args, ...own, ...(typed.flags ?? [])]
  const before = typed.terminal
  const [file = '', ...rest] =
    before === undefined ? command : ['script', '-qec', [...before, ...command].join(' '), '/dev/null']
  const group = spawnGroup(file, rest, {
    cwd: tmpdir(),
    env: cleanEnvironment({ ...typed.env, TMPDIR: scratch.path }),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(typed.uid === undefined ? {} : { uid: typed.uid, gid: typed.uid }),
  })
  const output = { stdout: '', all: '' }
  group.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk
    output.all += chunk
  })
  group.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    output.all += chunk
  })
  if (before === undefined) group.child.stdin?.end()
  return {
    pid: group.pid,
    scratch,
    screen: () => output.all,
    stdout: () => output.stdout,
    shows: async (what) => {
      const found = () => {
        const seen = what.exec(output.all)
        if (seen === null && group.child.exitCode !== null) return { seen: null }
        return seen === null ? null : { seen }
      }
      const { seen } = await until(found, { what: `${what} in ${output.all}`, within: 90_000 })
      if (seen === null) throw new Error(`it ended without showing ${what}:\n${output.all}`)
      return seen
    },
    ended: () => settled(group.ended, { what: 'tsicorn rehearse to end', within: 90_000 }),
    type: (keys) => void group.child.stdin?.write(keys),
    signal: (signal) => void group.child.kill(signal),
    traces: async () => [...(await processesWith(scratch.path)), ...(await readdir(scratch.path))],
    [Symbol.asyncDispose]: async () => {
      await group.kill()
      await scratch[Symbol.asyncDispose]()
    },
  }
}

/** Running processes that were given a path, in their arguments or their environment. */
async function processesWith(path: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const read = (name: string) => readFile(join('/proc', pid, name), 'utf8').catch(() => '')
    const [command, environment] = [await read('cmdline'), await read('environ')]
    if (command.includes(path) || environment.includes(path)) found.push(`${pid} ${command.replaceAll('\0', ' ')}`)
  }
  return found
}
