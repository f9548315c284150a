import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { placesOf } from '../../bundle/places.ts'
import { makeCertificate } from '../certificate.ts'
import { postGuard } from '../guard.ts'
import { findProgram } from '../programs.ts'
import { createScratch } from '../scratch.ts'
import { askSite } from './ask-site.ts'
import { changeHost, type Progress } from './change-host.ts'
import { stateAfter, stateBack } from './next-state.ts'
import type { MadeCertificate } from './perform.ts'
import { readAccounts } from './read-host.ts'
import { createRunner } from './run-command.ts'
import { homesOf } from './site-wants.ts'
import type { Survey } from './survey.ts'
import { tryFiles } from './try-files.ts'

export type ApplyOptions = {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  /** Told once the files were tried: which programs could not be asked. */
  readonly onTried: (missing: readonly string[]) => void
  /** Asks the site when all is done; throws when it does not serve. */
  readonly verify?: (found: Survey) => Promise<void>
}

// Long enough that a site of its own certificate is deployed again before: the plan notices two weeks ahead.
const certificateDays = 398

/** Tries the files of a plan in a scratch folder, then carries the plan out. Throws Failure when either does not succeed. */
export async function applySurvey(found: Survey, options: ApplyOptions): Promise<void> {
  const scratch = await createScratch('/tmp')
  // It may hold a private key, and must not outlive us even when we are killed.
  const guard = postGuard()
  guard.watchFolder(scratch.path)
  try {
    const certificate = await rehearse(found, scratch.path, options)
    await applyTried(found, certificate, options)
  } finally {
    await scratch.remove()
    await guard.dismiss()
  }
}

async function rehearse(found: Survey, scratch: string, options: ApplyOptions): Promise<MadeCertificate | null> {
  const { plan, answers, request, host, run } = found
  if (plan.kind === 'uninstall') return null
  const step = plan.steps.find((one) => one.kind === 'certificate')
  const isLater = request.root !== '' && answers.tls !== 'off'
  const openssl = await findProgram('openssl', request.path)
  const files =
    step !== undefined || isLater
      ? await makeCertificate(scratch, answers.domain, { openssl, signal: options.signal, days: certificateDays })
      : null
  const missing = await tryFiles({
    ...{ scratch, answers, run, steps: plan.steps, wanted: found.wanted, certificate: files },
    newAccounts: [answers.user, answers.group].filter((name) => !host.users.has(name) && !host.groups.has(name)),
    has: async (program) =>
      (await findProgram(program, request.path)) !== null && (program !== 'nginx' || request.isRoot),
    tryConfig: (path) => tryConfig(path, found),
  })
  options.onTried(missing)
  if (files === null || step === undefined) return null
  return { certificate: await readFile(files.certificate, 'utf8'), key: await readFile(files.key, 'utf8') }
}

/** The server itself reads its configuration, as far as that can be done away from its place. */
async function tryConfig(path: string, { run, request }: Survey): Promise<readonly string[]> {
  const launcher = fileURLToPath(new URL('../../../bin/tsicorn.js', import.meta.url))
  // Elsewhere the application and its environment file are not at hand.
  if (request.root !== '') return []
  const { ok, stderr } = await run([process.execPath, launcher, 'serve', '--check-config', '--config', path])
  return ok ? [] : stderr.trim().split('\n')
}

/** Carries a plan out whose files were tried. */
export async function applyTried(
  found: Survey,
  certificate: MadeCertificate | null,
  options: Omit<ApplyOptions, 'onTried'>,
): Promise<void> {
  const { request, plan, answers, wanted, state, host, disk, store, run, question } = found
  const at = request.now.toISOString()
  const verify = options.verify ?? (() => askSite(answers, createRunner(request.path), options.signal))
  await changeHost(plan, {
    ...{ disk, store, run, certificate, at, signal: options.signal, onProgress: options.onProgress },
    homes: request.root === '' ? homesOf(answers) : [],
    accounts: () => readAccounts(question),
    verify: async () => {
      if (host.serves && plan.kind !== 'uninstall') await verify(found)
    },
    next: (_change, journal) => {
      if (plan.kind === 'uninstall') return null
      if (plan.kind === 'rollback' && state !== null) return stateBack(state, journal)
      return stateAfter(state, { at, answers, wanted }, journal)
    },
    lastWords: async () => (host.serves ? lastWords(answers.name, found) : []),
  })
}

async function lastWords(name: string, { run, answers }: Survey): Promise<readonly string[]> {
  if (answers.logs === 'files') return [`(it logs to ${placesOf(answers).serverLog})`]
  const { stdout } = await run(['journalctl', '-u', `${name}.service`, '-n', '12', '--no-pager', '-o', 'cat'])
  return stdout.trim().split('\n').filter(Boolean)
}
