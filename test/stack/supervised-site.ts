import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { placesOf } from '../../src/bundle/places.ts'
import { renderBundle } from '../../src/bundle/render.ts'
import { completeAnswers, type SiteAnswers } from '../../src/settings/site-table.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { findApp, launcher } from '../helpers/repository.ts'
import { type ProgramResult, runProgram } from '../helpers/run-program.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { program } from './needs.ts'
import { existingAccount } from './place-site.ts'

// Numbers that Debian never changes: daemon, and the group of its nginx.
const daemon = 1
const webGroup = 33

export type SupervisedSite = AsyncDisposable & {
  readonly dir: TempDir
  readonly answers: SiteAnswers
  /** Runs supervisorctl against this instance. */
  readonly control: (...args: readonly string[]) => Promise<ProgramResult>
  /** What the instance says of the program: `RUNNING`. */
  readonly state: () => Promise<string>
  readonly pid: () => Promise<number>
  /** How often supervisord has started the program. */
  readonly starts: () => number
  /** The log of the server. */
  readonly log: () => string
}

/** The group that the sockets of the site are to have: nginx's, where the rights are there to give it. */
export const socketGroup = process.getuid?.() === 0 ? webGroup : process.getgid?.()

/**
 * Starts a supervisord of our own, with its socket and files in a scratch folder, that reads the generated file of a site. The
 * application waits with the answer to /wait until the file `open` is there.
 */
export async function superviseSite(change: (file: string) => string = (file) => file): Promise<SupervisedSite> {
  const dir = await tempDir()
  chmodSync(dir.path, 0o755)
  const answers = answersIn(dir)
  place(dir, answers, change)
  const file = await dir.write('supervisord.conf', instance(dir, answers))
  const group = spawnGroup(program('supervisord'), ['-n', '-c', file], { env: cleanEnvironment(), stdio: 'ignore' })
  const control: SupervisedSite['control'] = (...args) =>
    runProgram(program('supervisorctl'), ['-c', file, ...args], { env: cleanEnvironment() })
  const state = async () => (await control('status', answers.name)).stdout.split(/\s+/)[1] ?? ''
  const site: SupervisedSite = {
    ...{ dir, answers, control, state },
    pid: async () => Number((await control('pid', answers.name)).stdout),
    starts: () => read(dir.join('supervisord.log')).split(`spawned: '${answers.name}'`).length - 1,
    log: () => read(placesOf(answers).serverLog),
    [Symbol.asyncDispose]: async () => {
      // It leaves its programs alone when it is killed.
      group.child.kill('SIGTERM')
      await until(() => group.child.exitCode !== null || group.child.signalCode !== null, {
        what: 'supervisord to end',
      })
      await group.kill()
      await dir[Symbol.asyncDispose]()
    },
  }
  await until(async () => (await control('version')).code === 0, { what: 'supervisord to answer' })
  // Commands of the bundle find the instance under the usual name.
  await dir.write('bin/supervisorctl', `#!/bin/sh\nexec ${program('supervisorctl')} -c ${file} "$@"\n`, 0o755)
  return site
}

function answersIn(dir: TempDir): SiteAnswers {
  return completeAnswers({
    ...{ name: 'shop', domain: ['shop.example'], supervisor: 'supervisord', ...existingAccount() },
    ...{ app: findApp('gated'), workingDirectory: dirname(findApp('gated')), workers: 2 },
    ...{ node: process.execPath, tsicorn: launcher },
    ...{ runtimeDirectory: dir.join('run'), configDirectory: dir.join('etc'), stateDirectory: dir.join('state') },
    ...{ logDirectory: dir.join('log'), nginxLogDirectory: dir.join('nginx'), nginxDirectory: dir.join('front') },
  })
}

function place(dir: TempDir, answers: SiteAnswers, change: (file: string) => string): void {
  for (const { path, content, mode } of renderBundle(answers)) {
    const target = `/${path}`.startsWith(`${dir.path}/`) ? `/${path}` : dir.join('site', path)
    mkdirSync(dirname(target), { recursive: true })
    const isProgram = path.includes('supervisor/conf.d')
    // The one folder that no answer moves: it is root's.
    const moved = content.replace('/var/log/supervisor/', `${dir.path}/`)
    writeFileSync(target, isProgram ? change(moved) : content, { mode })
  }
  writeFileSync(placesOf(answers).envFile, `OPEN=${dir.join('open')}\n`)
  for (const path of [answers.runtimeDirectory, answers.stateDirectory, answers.logDirectory]) mkdirSync(path)
  // As tmpfiles.d makes it on a host.
  if (process.getuid?.() === 0) {
    for (const path of [answers.stateDirectory, answers.logDirectory]) chownSync(path, daemon, daemon)
    for (const path of [placesOf(answers).envFile]) chownSync(path, 0, daemon)
    chownSync(answers.runtimeDirectory, daemon, webGroup)
  }
  chmodSync(answers.runtimeDirectory, 0o2750)
}

function instance(dir: TempDir, { name }: SiteAnswers): string {
  return `[unix_http_server]
file=${dir.join('control')}
[supervisord]
nodaemon=true
logfile=${dir.join('supervisord.log')}
pidfile=${dir.join('supervisord.pid')}
childlogdir=${dir.path}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${dir.join('control')}
[include]
files = ${join(dir.path, 'site/etc/supervisor/conf.d', `${name}.conf`)}
`
}

function read(path: string): string {
  return readFileSync(path, 'utf8')
}
