import { randomBytes } from 'node:crypto'
import { Failure } from '../../contract/errors.ts'
import type { Disk } from './disk.ts'
import { type Journal, titleOf, type Undo, undoOf } from './journal.ts'
import { type Performing, perform } from './perform.ts'
import { conclude, type Restoration, restore, type Tools } from './restore.ts'
import type { State } from './state.ts'
import type { Plan, Step } from './step.ts'

/** How far a change is. */
export type Progress =
  | { readonly at: 'opened' | 'verified' | 'committed' | 'closed' }
  | { readonly at: 'begun' | 'done'; readonly step: Step; readonly index: number }

export type ChangeOptions = Tools &
  Pick<Performing, 'accounts' | 'certificate' | 'signal'> & {
    /** The directories of the site's account. */
    readonly homes: readonly string[]
    /** Now, in ISO 8601. */
    readonly at: string
    /** The state the change leads to; null when nothing of the site is to be left. */
    readonly next: (change: string, journal: Journal) => State | null
    /** Asks the site whether it serves; throws when it does not. */
    readonly verify: () => Promise<void>
    readonly onProgress?: (progress: Progress) => void
    /** What the service said lately, for the message when it did not start. */
    readonly lastWords: () => Promise<readonly string[]>
  }

/**
 * Carries a plan out as one change: its journal is on the disk before the first step, and whatever fails takes all of it
 * back. Throws DEPLOY_FAILED, which says what failed, what was restored, and what to do.
 */
export async function changeHost(plan: Plan, options: ChangeOptions): Promise<void> {
  const { store, signal, onProgress = () => undefined } = options
  const journal = openJournal(plan, options)
  onProgress({ at: 'opened' })
  try {
    for (const [index, step] of plan.steps.entries()) {
      signal.throwIfAborted()
      store.begin(index)
      onProgress({ at: 'begun', step, index })
      await perform(step, { ...options, change: journal.change }).catch((error: unknown) => {
        throw new StepError(step, error)
      })
      onProgress({ at: 'done', step, index })
    }
    signal.throwIfAborted()
    await options.verify()
    onProgress({ at: 'verified' })
    store.commit(options.next(journal.change, journal))
  } catch (error) {
    const words = await options.lastWords().catch(() => [])
    throw failureOf({ error, words, restored: await restore(journal, options), signal })
  }
  onProgress({ at: 'committed' })
  await conclude(journal, options)
  onProgress({ at: 'closed' })
}

/** A step that could not be done. */
class StepError extends Error {
  readonly step: Step
  constructor(step: Step, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.step = step
  }
}

function openJournal(plan: Plan, { disk, store, at, homes }: ChangeOptions): Journal {
  // It is all that knows what stood there before the change that was cut off.
  if (store.journal() !== null) throw new Error('a change that was cut off has not been put back yet')
  const journal: Journal = {
    ...{ version: 1, change: randomBytes(6).toString('hex'), site: plan.site, kind: plan.kind, at, homes },
    dismiss: plan.steps.find((step) => step.kind === 'dismiss') ?? null,
    undo: withHomes(undoOf(plan.steps, disk), homes, disk),
  }
  try {
    store.open(journal)
  } catch (error) {
    store.close()
    const words = error instanceof Error ? error.message : String(error)
    throw new Failure('DEPLOY_FAILED', `the journal cannot be written: ${words}`, {
      fix: 'Nothing was changed.',
      cause: error,
    })
  }
  return journal
}

/** systemd makes the homes when it starts the service: taken back last, and only when empty. */
function withHomes(undo: readonly Undo[], homes: readonly string[], disk: Disk): readonly Undo[] {
  const [first, ...rest] = undo
  if (first === undefined) return undo
  const known = new Set(undo.flatMap(({ paths }) => paths.map(({ path }) => path)))
  const paths = homes
    .filter((path) => !known.has(path))
    .map((path) => ({ path, before: disk.look(path), after: null }))
    .filter(({ before }) => before.kind === 'absent')
  return [{ ...first, paths: [...paths, ...first.paths] }, ...rest]
}

type Ending = {
  readonly error: unknown
  readonly words: readonly string[]
  readonly restored: Restoration
  readonly signal: AbortSignal
}

function failureOf({ error, words, restored, signal }: Ending): Failure {
  const reason = error instanceof Error ? error.message : String(error)
  const what = error instanceof StepError ? `${titleOf(error.step)}: ` : ''
  const said = signal.aborted || words.length === 0 ? [] : ['The service said last:', ...words]
  const { done, problems } = restored
  const first = signal.aborted ? `stopped: ${reason}` : `${what}${reason}`
  const put = done.length === 0 ? ['Nothing had been changed yet.'] : ['Put back as it was:', ...done]
  const not = problems.length === 0 ? [] : ['Could not be put back:', ...problems]
  const fix =
    problems.length > 0
      ? 'Mend what could not be put back, then run tsicorn deploy --recover.'
      : 'The host is as it was before. Mend the cause, then deploy again.'
  return new Failure('DEPLOY_FAILED', [first, ...said, ...put, ...not].join('\n'), { fix, cause: error })
}
