import { statSync } from 'node:fs'
import { posix } from 'node:path'
import { type BundleFile, everyPlace, renderBundle } from '../bundle/render.ts'
import { Failure } from '../contract/errors.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { quote } from '../settings/escape.ts'
import type { Source } from '../settings/resolve.ts'
import { presentAnswers, settleAnswers } from '../settings/site-answers.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { Context, Flags } from './context.ts'
import { createAsk } from './init/ask.ts'
import { confirm } from './init/confirm.ts'
import { answersOf, bundleDirectory, earlierLabel, gatherSources, refusal } from './init/gather.ts'
import { type Ask, type Conversation, interview } from './init/interview.ts'
import { findLeftovers, type Leftover, removeLeftovers } from './init/leftovers.ts'
import { shorten, showPlan, showRefusal, showResult } from './init/show.ts'
import { showDiff } from './init/show-diff.ts'
import { survey } from './init/survey.ts'
import { remarksOn, verifyApp } from './init/verify.ts'
import { verifyCertificate } from './init/verify-certificate.ts'
import { type Comparison, compareBundle, type Overwriting, writeBundle } from './init/write-bundle.ts'

// What a shell reports of a program that Ctrl-C ended.
const interrupted = 130

type Plan = {
  readonly answers: SiteAnswers
  readonly comparisons: readonly Comparison[]
  readonly leftovers: readonly Leftover[]
  readonly over: Overwriting
  /** What init would write now for the answers of the time before; empty at the first time. */
  readonly previous: readonly BundleFile[]
}

type Run = { readonly project: string; readonly flags: Flags; readonly context: Context }

/** Writes the bundle of a project. Returns the exit status; throws Failure for whatever a person can mend. */
export async function runInit(
  directory: string | undefined,
  flags: Flags,
  context: Context,
  ask?: Ask,
): Promise<number> {
  const project = posix.resolve(context.cwd, directory ?? '.')
  needDirectory(project)
  const asks = flags['yes'] !== true && flags['answers'] === undefined
  if (asks && ask === undefined) needTerminal(context)
  const run = { project, flags, context }
  const sources = await gatherSources({ directory: project, flags }, context)
  const plan = asks ? await agree(run, sources, ask ?? (await createAsk(context))) : planFor(run, sources)
  if (plan === null) {
    context.stdout.write('Nothing was written.\n')
    return interrupted
  }
  if (flags['diff'] === true) showDiff(plan, context)
  else await write(plan, run)
  return exitCodes.ok
}

function planFor(run: Run, sources: readonly Source[]): Plan {
  const { project } = run
  const answers = answersOf(settleAnswers(sources, project))
  const complaints = [...verifyApp(answers), ...verifyCertificate(answers)]
  if (complaints.length > 0) throw refusal(complaints)
  const earlier = sources.find(({ label }) => label === earlierLabel(project))
  const before = earlier === undefined ? [] : [answersOf(settleAnswers([earlier], project))]
  const [directory, files] = [posix.join(project, bundleDirectory), renderBundle(answers)]
  return {
    answers,
    previous: before.flatMap(renderBundle),
    comparisons: compareBundle(directory, files),
    over: isForced(run) ? ['edited', 'conflict'] : [],
    leftovers: findLeftovers({ directory, files, places: [answers, ...before].flatMap(everyPlace) }),
  }
}

// Asks until a person agrees to what would be written; null when they leave instead.
async function agree(run: Run, sources: readonly Source[], ask: Ask): Promise<Plan | null> {
  // What was given already is judged before the first question.
  const known = answersOf(presentAnswers(sources, run.project))
  run.context.stdout.write(await survey(known, run.context))
  let conversation: Conversation | null = await interview(sources, run.project, ask)
  while (conversation !== null) {
    const plan = planOrRefusal(run, [...sources.map(asFile), conversation.source])
    if (plan instanceof Failure) {
      showRefusal(plan, run.context)
      conversation = await conversation.back()
      continue
    }
    if (run.flags['diff'] === true) return plan
    showPlan(plan, run.context)
    const decision = await confirm(ask, conflictsOf(plan).length > 0 && !isForced(run))
    if (decision === 'write') return { ...plan, over: [...plan.over, 'conflict'] }
    conversation = decision === 'back' ? await conversation.back() : null
  }
  return null
}

// Answers that are right one by one may not go together: the way back is better than to begin anew.
function planOrRefusal(run: Run, sources: readonly Source[]): Plan | Failure {
  try {
    return planFor(run, sources)
  } catch (error) {
    if (error instanceof Failure && error.code === 'ANSWERS_INVALID') return error
    throw error
  }
}

// An answer to a question has the last word: its default was what the flags said.
function asFile(source: Source): Source {
  return { ...source, layer: 'file' }
}

function conflictsOf({ comparisons }: Pick<Plan, 'comparisons'>): readonly string[] {
  return comparisons.filter(({ state }) => state === 'conflict').map(({ target }) => target)
}

function isForced({ flags }: Run): boolean {
  return flags['force'] === true
}

async function write(plan: Plan, { project, context }: Run): Promise<void> {
  const { comparisons, leftovers, answers, over } = plan
  const named = conflictsOf(plan).map((target) => shorten(target, context.cwd))
  if (named.length > 0 && !over.includes('conflict')) {
    throw new Failure(
      'FILE_EXISTS',
      ['these files were edited by hand, and init has something new for them', ...named].join('\n'),
      {
        fix: 'Nothing was written. --diff shows both changes; --force replaces the files.',
      },
    )
  }
  writeBundle(comparisons, over)
  removeLeftovers(posix.join(project, bundleDirectory), leftovers)
  showResult(
    {
      comparisons,
      leftovers,
      over,
      remarks: await remarksOn(answers),
      deploys: answers.proxy === 'nginx' && answers.supervisor === 'systemd',
    },
    context,
  )
}

function needDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  throw new Failure('USAGE', `expected the directory of a project, and ${quote(path)} is none`, {
    fix: 'Nothing was written. Make the directory first, or give another one.',
  })
}

function needTerminal({ stdin, stdout }: Context): void {
  if (stdin.isTTY === true && stdout.isTTY === true) return
  throw new Failure('USAGE', 'init asks questions, and there is no terminal to ask on', {
    fix: 'Give --yes to take every default, or --answers FILE with the answers as JSON.',
  })
}
