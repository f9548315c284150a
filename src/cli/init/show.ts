import { posix } from 'node:path'
import { escapeControl } from '../../settings/escape.ts'
import type { Context } from '../context.ts'
import { columns } from '../paint.ts'
import type { Leftover } from './leftovers.ts'
import type { Comparison, Overwriting } from './write-bundle.ts'

type Result = {
  readonly comparisons: readonly Comparison[]
  readonly leftovers: readonly Leftover[]
  readonly over: Overwriting
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
export function showResult(result: Result, { cwd, stdout, paint }: Context): void {
  const { comparisons, leftovers, over, remarks, deploys } = result
  const rows = comparisons.map(({ target, state }) => [
    `  ${state === 'same' ? paint.dim(words.same) : paint.green(over.some((one) => one === state) ? words.conflict : words[state])}`,
    shorten(target, cwd),
  ])
  const gone = leftovers.map(({ target, edited }) => [
    `  ${edited ? paint.yellow('left as edited') : paint.green('removed')}`,
    shorten(target, cwd),
  ])
  const lines = [
    ...columns([...rows, ...gone]),
    ...[...remarks, ...leftoverRemarks(leftovers)].map((remark) => `${paint.yellow('note:')} ${escapeControl(remark)}`),
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

function leftoverRemarks(leftovers: readonly Leftover[]): readonly string[] {
  const left = leftovers.filter(({ edited }) => edited)
  return [
    ...(left.length === 0 ? [] : ['what is left as edited is of earlier answers: take what you need, then remove it.']),
    ...(left.length === leftovers.length ? [] : ['what is removed here stays on the hosts where it was installed.']),
  ]
}

/** Says what would be written and removed, before it is. */
export function showPlan(
  { comparisons, leftovers }: Pick<Result, 'comparisons' | 'leftovers'>,
  { cwd, stdout, paint }: Context,
): void {
  const rows = comparisons
    .filter(({ state }) => state !== 'same')
    .map(({ target, state }) => [`  ${paint.cyan(plans[state])}`, shorten(target, cwd)])
  const lines =
    rows.length === 0 ? ['Everything is as it would be written.'] : ['This will be written:', ...columns(rows)]
  const gone = leftovers.map(({ target, edited }) => [
    `  ${paint.cyan(edited ? 'left as you edited it' : 'removed')}`,
    shorten(target, cwd),
  ])
  if (gone.length > 0) lines.push('These answers have no use for files of earlier ones:', ...columns(gone))
  stdout.write(`\n${lines.join('\n')}\n\n`)
}

/** Says why answers cannot be used together, to somebody who is asked the last question again. */
export function showRefusal({ message }: Pick<Error, 'message'>, { stdout, paint }: Context): void {
  const lines = message.split('\n').map((line) => paint.red(escapeControl(line)))
  stdout.write(`\n${lines.join('\n')}\nChange the answer: < goes back to it, Ctrl-C leaves without a trace.\n\n`)
}

/** A path as somebody in this folder would type it. */
export function shorten(path: string, cwd: string): string {
  const relative = posix.relative(cwd, path)
  return escapeControl(relative.startsWith('..') ? path : relative)
}
