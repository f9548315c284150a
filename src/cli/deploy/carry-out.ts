import { Failure } from '../../contract/errors.ts'
import { urlOf } from '../../deploy/client.ts'
import { applySurvey } from '../../deploy/install/apply.ts'
import { doorOf } from '../../deploy/install/ask-site.ts'
import { titleOf } from '../../deploy/install/journal.ts'
import type { Survey } from '../../deploy/install/survey.ts'
import type { Context } from '../context.ts'
import { conflictLines } from './show-plan.ts'

/** Throws FILE_EXISTS for whatever stands in the way and may not be, or was not told to be, written over. */
export function refuseConflicts({ plan }: Survey, force: boolean, context: Context): void {
  const open = plan.conflicts.filter(({ yields }) => !(yields && force))
  if (open.length === 0) return
  say(context, conflictLines(open, context.paint))
  const forced = open.every(({ yields }) => yields)
  throw new Failure(
    'FILE_EXISTS',
    ['this stands in the way:', ...open.map(({ path, words }) => `${path}: ${words}`)].join('\n'),
    {
      fix: forced ? 'Nothing was changed. --force writes over it; --uninstall brings it back.' : 'Nothing was changed.',
    },
  )
}

/** Carries a plan out and tells of each step. */
export async function carryOut(found: Survey, signal: AbortSignal, context: Context): Promise<void> {
  const { paint } = context
  say(context, [''])
  await applySurvey(found, {
    signal,
    onTried: (missing) =>
      say(
        context,
        missing.map((program) => `${paint.yellow('note:')} ${program} could not try its file here.`),
      ),
    onProgress: (progress) => {
      if (progress.at === 'done') say(context, [`${paint.green('done')}  ${titleOf(progress.step)}`])
      if (progress.at === 'verified' && found.host.serves) say(context, [`${paint.green('done')}  ${closing(found)}`])
    },
  })
  const number = found.plan.kind === 'rollback' ? found.state?.earlier[0]?.number : (found.state?.last ?? 0) + 1
  const what = found.plan.kind === 'uninstall' ? 'is uninstalled' : `is installed: deployment ${number}`
  say(context, ['', `${found.plan.site} ${what}.`])
}

function closing({ plan, answers }: Survey): string {
  return plan.kind === 'uninstall'
    ? 'nothing of it runs'
    : `${urlOf(doorOf(answers), answers.healthPath ?? '/')} answers`
}

/** Prints lines for a person. */
export function say({ stdout }: Pick<Context, 'stdout'>, lines: readonly string[]): void {
  for (const line of lines) stdout.write(`${line}\n`)
}
