import { mkdirSync } from 'node:fs'
import { Failure } from '../contract/errors.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { askAuthority } from '../deploy/install/ask-authority.ts'
import { createDisk } from '../deploy/install/disk.ts'
import { takeLock } from '../deploy/install/lock.ts'
import { isBooted } from '../deploy/install/read-host.ts'
import { interruptedSites, recoverAll } from '../deploy/install/recover.ts'
import { openStore } from '../deploy/install/store.ts'
import { type Request, type Survey, survey } from '../deploy/install/survey.ts'
import { bringRelease, pruneReleases, type Release } from '../deploy/release/bring-release.ts'
import { complain } from './complain.ts'
import type { Context, Flags } from './context.ts'
import { carryOut, refuseConflicts, say } from './deploy/carry-out.ts'
import { type Bundle, loadBundle } from './deploy/load-bundle.ts'
import { needRoot } from './deploy/need-root.ts'
import { type DeployFlags, readFlags } from './deploy/read-flags.ts'
import { conflictLines, diffsOf, planJson, planLines } from './deploy/show-plan.ts'
import { escapeControl } from './paint.ts'
import { hearInterruptions } from './rehearse/interruptions.ts'

/** Installs the bundle of a project on this host, or takes it back. Returns the exit status. */
export async function runDeploy(directory: string | undefined, given: Flags, context: Context): Promise<number> {
  const flags = readFlags(given, context)
  const bundle = await loadBundle(directory, context)
  const order = { flags, bundle, context }
  if (flags.only !== null) return showOnly(order)
  if (flags.root !== '') mkdirSync(flags.root, { recursive: true })
  else await needRootHere(order)
  return change(order)
}

type Order = { readonly flags: DeployFlags; readonly bundle: Bundle; readonly context: Context }

async function showOnly({ flags, bundle, context }: Order): Promise<number> {
  const found = await survey(requestOf({ flags, bundle, context }))
  const interrupted = interruptedSites(flags.root)
  const cut = interrupted.map((site) => `The last change of ${site} was cut off; the next one puts it back first.`)
  const { stdout, paint } = context
  if (flags.only === 'json') {
    stdout.write(planJson({ ...found.plan, notes: [...found.plan.notes, ...cut] }))
    return exitCodes.ok
  }
  say(context, [...cut, ...planLines(found.plan, paint), ...diffsOf(found.plan, context, flags.only === 'diff')])
  say(context, [...conflictLines(found.plan.conflicts, paint), ...notesOf(found, bundle, context)])
  return exitCodes.ok
}

async function needRootHere({ flags, bundle, context }: Order): Promise<void> {
  if (process.getuid?.() !== 0) {
    const found = await survey(requestOf({ flags, bundle, context }))
    say(context, planLines(found.plan, context.paint))
    throw needRoot(found.plan, bundle.directory)
  }
  if (isBooted()) return
  throw new Failure('HOST_UNFIT', 'this host is not run by systemd, which the units of the site are for', {
    fix: 'Nothing was changed. --root DIR puts the files into a directory instead; --dry-run shows what would be done.',
  })
}

async function change(order: Order): Promise<number> {
  const { flags, bundle, context } = order
  const interruption = hearInterruptions(context)
  const path = pathOf(context)
  const lock = flags.root === '' ? await takeLock(bundle.answers.name, path) : null
  try {
    await recover(order)
    if (flags.kind === 'recover') return exitCodes.ok
    if (flags.release !== null) await switchRelease(order, flags.release, interruption.signal)
    else await install(order, null, interruption.signal)
    return flags.kind === 'deploy' ? await certify(order, interruption.signal) : exitCodes.ok
  } catch (error) {
    const status = interruption.status()
    if (status === null) throw error
    complain(error, context)
    return status
  } finally {
    lock?.release()
    interruption.forget()
  }
}

async function install(order: Order, release: Release | null, signal: AbortSignal): Promise<void> {
  const { flags, bundle, context } = order
  const found = await survey({ ...requestOf(order), release })
  say(context, [...planLines(found.plan, context.paint), ...diffsOf(found.plan, context, false)])
  refuseConflicts(found, flags.force, context)
  if (found.plan.steps.length > 0 || flags.kind === 'rollback') await carryOut(found, signal, context)
  say(context, notesOf(found, bundle, context))
}

/** The second phase of a first deployment: the site answers by now, so the authority can see that it is ours. */
async function certify(order: Order, signal: AbortSignal): Promise<number> {
  const { context } = order
  const outcome = await askAuthority(await survey(requestOf(order)), signal)
  if (outcome.came === 'nothing to ask') return exitCodes.ok
  if (outcome.came === 'certificate') {
    say(context, ['', 'certbot has a certificate.'])
    await install(order, null, signal)
    return exitCodes.ok
  }
  const [first = '', ...others] = outcome.words.map(escapeControl)
  say(context, ['', `${context.paint.yellow('note:')} ${first}`, ...others.map((line) => `  ${line}`), outcome.next])
  return outcome.refused ? exitCodes.failure : exitCodes.ok
}

async function switchRelease(order: Order, from: string, signal: AbortSignal): Promise<void> {
  const { flags, bundle, context } = order
  const release = bringRelease(bundle.answers, from, new Date())
  try {
    const state = openStore('', bundle.answers.name).state()
    // Before the first deployment there is nothing to reload, and one rename needs no way back.
    if (state === null) {
      createDisk('', true).put(release.link, { kind: 'link', target: release.target }, 'release')
      return say(context, [`${release.link} leads to ${release.target}. Next: tsicorn deploy`])
    }
    await install(order, release, signal)
  } catch (error) {
    release.discard()
    throw error
  }
  const after = openStore('', bundle.answers.name).state()
  // Going back needs the release of before.
  const deployments = [after?.current, after?.earlier[0]].flatMap((one) => one?.wanted ?? [])
  const spokenFor = deployments.flatMap((one) => (one.kind === 'link' ? [one.target] : []))
  const gone = pruneReleases(release.link, flags.keep, spokenFor)
  say(
    context,
    gone.map((name) => `The release ${name} was removed.`),
  )
}

async function recover({ flags, context }: Order): Promise<void> {
  const all = await recoverAll(flags.root, process.getuid?.() === 0, pathOf(context))
  for (const { site, at, restored } of all) {
    if (restored === null) continue
    say(context, [
      `The change of ${site} that began at ${at} was cut off. Put back as it was:`,
      ...restored.done.map((line) => `  ${line}`),
    ])
    const words = restored.problems.map(escapeControl)
    if (!restored.whole)
      throw new Failure('DEPLOY_FAILED', ['could not be put back:', ...words].join('\n'), {
        fix: 'Mend that, then run tsicorn deploy --recover.',
      })
    say(
      context,
      words.map((line) => `${context.paint.yellow('note:')} ${line}`),
    )
  }
}

function notesOf({ plan }: Survey, { changed }: Bundle, { paint }: Context): readonly string[] {
  const own = changed.map((path) => `${path} was changed since it was written; it is installed as it stands.`)
  return [...plan.notes, ...own].map((note) => `${paint.yellow('note:')} ${escapeControl(note)}`)
}

/** What is asked of the host. */
function requestOf({ flags, bundle, context }: Order): Request {
  const { kind, root, withoutDefaultSite } = flags
  return {
    kind: kind === 'recover' ? 'deploy' : kind,
    // Where it will be is known once it is there.
    release: flags.release === null ? null : { link: bundle.answers.workingDirectory, target: 'releases/NEW' },
    ...{ answers: bundle.answers, files: bundle.files, root, withoutDefaultSite },
    ...{ isRoot: process.getuid?.() === 0, path: pathOf(context), now: new Date() },
  }
}

// What root runs here is in the system's own folders, also where PATH leaves some of them out.
function pathOf({ env }: Context): string {
  return `${env['PATH'] ?? ''}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`
}
