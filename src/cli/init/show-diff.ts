import { readMark, withoutMark } from '../../bundle/mark.ts'
import type { BundleFile } from '../../bundle/render.ts'
import { escapeControl } from '../../settings/escape.ts'
import type { Context } from '../context.ts'
import { diffLines } from './diff-lines.ts'
import type { Leftover } from './leftovers.ts'
import { shorten } from './show.ts'
import type { Comparison } from './write-bundle.ts'

type Difference = {
  readonly comparisons: readonly Comparison[]
  readonly leftovers: readonly Leftover[]
  /** What init would write now for the answers of the time before. */
  readonly previous: readonly BundleFile[]
}

type Change = { readonly title: string; readonly before: string; readonly after: string }

/** Shows what writing would change; where a file was edited by hand, first what the hand has changed. */
export function showDiff({ comparisons, leftovers, previous }: Difference, context: Context): void {
  const changes = [
    ...comparisons.flatMap((comparison) => {
      const base = previous.find(({ path }) => path === comparison.file.path)?.content
      return changesOf(comparison, base).map((change) => ({ target: comparison.target, change }))
    }),
    ...leftovers.map((leftover) => ({ target: leftover.target, change: removalOf(leftover) })),
  ]
  if (changes.length === 0) context.stdout.write('Nothing would change.\n')
  for (const { target, change } of changes) showChange(target, change, context)
}

// The mark of a file changes whenever the file does, and says nothing about what is in it.
function showChange(target: string, { title, before, after }: Change, { cwd, stdout, paint }: Context): void {
  const lines = diffLines(withoutMark(before), withoutMark(after))
  const remark = lines.length === 0 && before !== after ? ' (only the line that tells who wrote it)' : ''
  stdout.write(`${paint.bold(`${shorten(target, cwd)}${title}${remark}`)}\n`)
  for (const { sign, line } of lines) {
    const colour = { '+': paint.green, '-': paint.red, ' ': paint.dim }[sign]
    stdout.write(`${colour(`${sign}${escapeControl(line)}`)}\n`)
  }
}

// What was written then is known where the answers of then still give it: its hash is in the mark.
function changesOf({ file, state, before }: Comparison, base: string | undefined): readonly Change[] {
  const now = file.content
  if (state === 'same') return []
  if (state === 'missing') return [{ title: ' (new)', before, after: now }]
  const known = base !== undefined && readMark(before)?.hash === readMark(base)?.hash
  if (!known || state === 'outdated') return [{ title: '', before, after: now }]
  const yours = { title: ' (your edit, kept)', before: base, after: before }
  if (state === 'edited') return [yours]
  return [
    { ...yours, title: ' (your edit)' },
    { title: ' (what init would change)', before: base, after: now },
  ]
}

function removalOf({ content, edited }: Leftover): Change {
  return edited
    ? { title: ' (of earlier answers; left, as you edited it)', before: content, after: content }
    : { title: ' (of earlier answers; removed)', before: content, after: '' }
}
