import { statSync } from 'node:fs'
import { posix } from 'node:path'
import { renderBundle } from '../bundle/render.ts'
import { Failure } from '../contract/errors.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { quote } from '../settings/escape.ts'
import type { Source } from '../settings/resolve.ts'
import { presentAnswers, settleAnswers } from '../settings/site-answers.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { Context, Flags } from './context.ts'
import { createAsk } from './init/ask.ts'
import { answersOf, bundleDirectory, gatherSources, refusal } from './init/gather.ts'
import { type Ask, interview } from './init/interview.ts'
import { showDiff, showResult } from './init/show.ts'
import { remarksOn, verifyApp } from './init/verify.ts'
import { type Comparison, compareBundle, writeBundle } from './init/write-bundle.ts'

// What a shell reports of a program that Ctrl-C ended.
const interrupted = 130

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
  const sources = await gatherSources({ directory: project, flags }, context)
  const answered = asks ? await askOn(sources, project, ask ?? (await createAsk(context))) : sources
  if (answered === null) {
    context.stdout.write('Nothing was written.\n')
    return interrupted
  }
  const answers = answersOf(settleAnswers(answered, project))
  const complaints = verifyApp(answers)
  if (complaints.length > 0) throw refusal(complaints)
  const comparisons = compareBundle(posix.join(project, bundleDirectory), renderBundle(answers))
  if (flags['diff'] === true) showDiff(comparisons, context)
  else write({ comparisons, answers, force: flags['force'] === true }, context)
  return exitCodes.ok
}

async function askOn(sources: readonly Source[], directory: string, ask: Ask): Promise<readonly Source[] | null> {
  // What was given already is judged before the first question.
  answersOf(presentAnswers(sources, directory))
  const answers = await interview(sources, directory, ask)
  return answers === null ? null : [...sources.map(asFile), answers]
}

// An answer to a question has the last word: its default was what the flags said.
function asFile(source: Source): Source {
  return { ...source, layer: 'file' }
}

type Writing = {
  readonly comparisons: readonly Comparison[]
  readonly answers: SiteAnswers
  readonly force: boolean
}

function write({ comparisons, answers, force }: Writing, context: Context): void {
  const edited = comparisons.filter(({ state }) => state === 'other').map(({ target }) => target)
  if (edited.length > 0 && !force) {
    throw new Failure('FILE_EXISTS', ['these files exist with other content', ...edited].join('\n'), {
      fix: 'Nothing was written. --diff shows the difference; --force replaces them.',
    })
  }
  writeBundle(comparisons)
  showResult({ comparisons, remarks: remarksOn(answers) }, context)
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
