import { posix } from 'node:path'
import { readMark } from '../../bundle/mark.ts'
import type { BundleFile } from '../../bundle/render.ts'
import { escapeControl } from '../../settings/escape.ts'
import type { Context } from '../context.ts'
import { columns } from '../paint.ts'
import { diffLines } from './diff-lines.ts'
import type { Comparison } from './write-bundle.ts'

type Result = {
  readonly comparisons: readonly Comparison[]
  readonly force: boolean
  readonly remarks: readonly string[]
  /** Whether tsicorn deploy installs such a site. */
  readonly deploys: boolean
}

const plans = {
  missing: 'new',
  same: '',
  outdated: 'updated',
  edited: 'kept as you edited it',
  conflict: 'edited by you, and new',
} as const
const words = {
  missing: 'written',
  same: 'unchanged',
  outdated: 'updated',
  edited: 'kept as edited',
  conflict: 'replaced',
} as const

/** Says what was written, what to keep in mind, and what to do next. */
export function showResult({ comparisons, force, remarks, deploys }: Result, { cwd, stdout, paint }: Context): void {
  const rows = comparisons.map(({ target, state }) => [
    `  ${state === 'same' ? paint.dim(words.same) : paint.green(force && state === 'edited' ? words.conflict : words[state])}`,
    shorten(target, cwd),
  ])
  const lines = [
    ...columns(rows),
    ...remarks.map((remark) => `${paint.yellow('note:')} ${escapeControl(remark)}`),
    '',
    'Next (RUNBOOK.md has the commands for every day after):',
    ...columns([
      [`  ${paint.bold('tsicorn rehearse')}`, 'run it all on this machine and check it'],
      deploys
        ? [`  ${paint.bold('tsicorn deploy')}`, 'as root on the host: install it as one change, with a way back']
        : [`  ${paint.bold('RUNBOOK.md')}`, 'as root on the host: the commands that put it in place'],
    ]),
  ]
  stdout.write(`${lines.join('\n')}\n`)
}

/** Says what would be written, before it is. */
export function showPlan(comparisons: readonly Comparison[], { cwd, stdout, paint }: Context): void {
  const rows = comparisons
    .filter(({ state }) => state !== 'same')
    .map(({ target, state }) => [`  ${paint.cyan(plans[state])}`, shorten(target, cwd)])
  const lines =
    rows.length === 0 ? ['Everything is as it would be written.'] : ['This will be written:', ...columns(rows)]
  stdout.write(`\n${lines.join('\n')}\n\n`)
}

type Change = { readonly title: string; readonly before: string; readonly after: string }

/** Shows what writing would change; where a file was edited by hand, first what the hand has changed. */
export function showDiff(
  { comparisons, then }: { readonly comparisons: readonly Comparison[]; readonly then: readonly BundleFile[] },
  { cwd, stdout, paint }: Context,
): void {
  for (const comparison of comparisons) {
    const base = then.find(({ path }) => path === comparison.file.path)?.content
    for (const { title, before, after } of changesOf(comparison, base)) {
      stdout.write(`${paint.bold(`${shorten(comparison.target, cwd)}${title}`)}\n`)
      for (const { sign, line } of diffLines(before, after)) {
        const colour = { '+': paint.green, '-': paint.red, ' ': paint.dim }[sign]
        stdout.write(`${colour(`${sign}${escapeControl(line)}`)}\n`)
      }
    }
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

function shorten(path: string, cwd: string): string {
  const relative = posix.relative(cwd, path)
  return escapeControl(relative.startsWith('..') ? path : relative)
}
