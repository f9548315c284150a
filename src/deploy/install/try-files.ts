import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placesOf } from '../../bundle/places.ts'
import { renderCheckWrapper } from '../../bundle/render.ts'
import { Failure } from '../../contract/errors.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { commandLine, type Run } from './run-command.ts'
import type { Step } from './step.ts'
import type { Wanted, WantedFile } from './wanted.ts'

export type Trial = {
  /** An empty folder of ours. */
  readonly scratch: string
  readonly answers: SiteAnswers
  readonly steps: readonly Step[]
  /** All that should stand on the host, also what stands there already. */
  readonly wanted: readonly Wanted[]
  readonly run: Run
  /** Accounts that the site names and the host does not have yet. */
  readonly newAccounts: readonly string[]
  /** A certificate to test nginx with where the host has none yet. */
  readonly certificate: { readonly certificate: string; readonly key: string } | null
  /** Tells what the server makes of a config file: complaints, or none. */
  readonly tryConfig: (path: string) => Promise<readonly string[]>
  readonly has: (program: string) => Promise<boolean>
}

/**
 * Shows each file that is about to be put in place to the program it is for, in a scratch copy. Throws DEPLOY_REFUSED with
 * that program's words. Returns the programs that are not here and so could not be asked.
 */
export async function tryFiles(trial: Trial): Promise<readonly string[]> {
  const files = trial.steps.flatMap((step) => (step.kind === 'put' && step.wanted.kind === 'file' ? [step.wanted] : []))
  const { name } = trial.answers
  const { siteFile, configFile } = placesOf(trial.answers)
  const isNginx = (path: string) => path === siteFile || path.startsWith(`${trial.answers.nginxDirectory}/`)
  const under = (start: string) => files.filter(({ path }) => path.startsWith(start))
  const units = under('/etc/systemd/system/')
  const tries: readonly (readonly [string, readonly WantedFile[], () => Promise<readonly string[]>])[] = [
    // A socket without its service is refused, so both are shown when one of them changes.
    ['systemd-analyze', units, () => tryUnits(trial, unitsOf(trial.wanted))],
    ['nginx', files.filter(({ path }) => isNginx(path)), () => trySite(trial)],
    ['logrotate', under(`/etc/logrotate.d/${name}`), () => tryRules(trial, under('/etc/logrotate.d/'))],
    ['tsicorn', under(configFile), () => tryConfig(trial, under(configFile))],
  ]
  const missing: string[] = []
  for (const [program, [file], attempt] of tries) {
    if (file === undefined) continue
    if (program !== 'tsicorn' && !(await trial.has(program))) missing.push(program)
    else refuse(program, file.path, await attempt())
  }
  return missing
}

function unitsOf(wanted: readonly Wanted[]): readonly WantedFile[] {
  return wanted.filter((one) => one.kind === 'file').filter(({ path }) => path.startsWith('/etc/systemd/system/'))
}

function refuse(program: string, path: string, words: readonly string[]): void {
  if (words.length === 0) return
  throw new Failure('DEPLOY_REFUSED', [`${program} refuses ${path}:`, ...words].join('\n'), {
    fix: 'Nothing was changed.',
  })
}

/** What systemd says against units: nothing when it takes them. */
export async function tryUnits(trial: Trial, units: readonly WantedFile[]): Promise<readonly string[]> {
  const written = units.map((file) => write(trial.scratch, file.path, file.content))
  // A drop-in is found beside its unit, and is none itself.
  const paths = written.filter((path) => !/\.d\/[^/]+$/.test(path))
  // Without the flag it exits with 0 after "Unknown key, ignoring"; with it, also for mistakes in units that are not ours.
  const command = ['systemd-analyze', 'verify', '--recursive-errors=yes', '--man=no', ...paths]
  const { stderr, ok, stdout } = await trial.run(command)
  const said = lines(`${stderr}\n${stdout}`)
  const ours = said.filter((line) => !isAboutOthers(line, trial))
  return ours.length > 0 || ok || said.length > 0 ? ours : [`${commandLine(command)} failed`]
}

function isAboutOthers(line: string, { scratch, answers }: Trial): boolean {
  const file = /^(\/\S+?):(?:\d+:)? /.exec(line)?.[1]
  if (file !== undefined) return !file.startsWith(`${scratch}/`)
  const unit = /^([\w@.\\-]+)\.(?:service|socket|target|mount|timer|slice|path|device|swap|scope): /.exec(line)?.[1]
  return unit !== undefined && unit !== answers.name
}

/** What nginx says against a site: nothing when it takes it. */
export async function trySite(trial: Trial): Promise<readonly string[]> {
  const { scratch, answers, certificate, wanted } = trial
  const { siteFile } = placesOf(answers)
  const beside = `${answers.nginxDirectory}/`
  // A test opens the logs and reads the certificate: it must leave no log behind, and the certificate may come later.
  const moved = [
    [`${answers.nginxLogDirectory}/`, `${scratch}/`],
    [beside, `${scratch}${beside}`],
    ...(certificate === null
      ? []
      : [
          [answers.certificate, certificate.certificate],
          [answers.certificateKey, certificate.key],
        ]),
  ]
  for (const file of wanted) {
    if (file.kind !== 'file' || !(file.path === siteFile || file.path.startsWith(beside))) continue
    const content = moved.reduce((text, [from = '', to = '']) => text.replaceAll(from, to), file.content)
    write(scratch, file.path, content)
  }
  const wrapper = renderCheckWrapper({ site: join(scratch, siteFile), scratch, user: null, foreground: false })
  const { ok, stderr } = await trial.run([
    'nginx',
    '-t',
    '-q',
    '-p',
    scratch,
    '-c',
    write(scratch, 'nginx.conf', wrapper),
  ])
  // Without a word when all is well, because of -q; a warning is somebody's business too, but stops nothing.
  return ok ? [] : lines(stderr).filter((line) => !/ test failed$/.test(line))
}

/** What logrotate says against rules: nothing when it takes them. */
export async function tryRules(trial: Trial, [rules]: readonly WantedFile[]): Promise<readonly string[]> {
  if (rules === undefined) return []
  // Accounts that are still to be made are unknown to it as well.
  const known = (word: string) => (trial.newAccounts.includes(word) ? 'root' : word)
  const named = /^(\s*(?:su|create\s+\d+)\s+)(\S+) (\S+)$/gm
  const content = rules.content.replace(named, (_all, start, user, group) => `${start}${known(user)} ${known(group)}`)
  const path = write(trial.scratch, rules.path, content)
  const { ok, stderr } = await trial.run(['logrotate', '-d', '-s', join(trial.scratch, 'logrotate.state'), path])
  // It exits with 0 after "error: … ignoring line".
  const errors = lines(stderr).filter((line) => line.startsWith('error:'))
  return ok ? errors : [...errors, ...(errors.length === 0 ? lines(stderr).slice(-1) : [])]
}

async function tryConfig(trial: Trial, [config]: readonly WantedFile[]): Promise<readonly string[]> {
  if (config === undefined) return []
  const { envFile, serverLog } = placesOf(trial.answers)
  // It may come with this deployment, or hold what a trial has no business with.
  const empty = write(trial.scratch, `${envFile}.empty`, '')
  const log = join(trial.scratch, 'server.log')
  const content = config.content
    .replaceAll(JSON.stringify(envFile), JSON.stringify(empty))
    .replaceAll(JSON.stringify(serverLog), JSON.stringify(log))
  return trial.tryConfig(write(trial.scratch, config.path, content))
}

function write(scratch: string, path: string, content: string): string {
  const target = join(scratch, path)
  mkdirSync(join(target, '..'), { recursive: true, mode: 0o700 })
  writeFileSync(target, content, { mode: 0o600 })
  // logrotate and systemd complain of files that others may write, and of nothing else.
  chmodSync(target, 0o644)
  return target
}

function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}
