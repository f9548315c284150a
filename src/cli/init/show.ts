import { posix } from 'node:path'
import { escapeControl } from '../../settings/escape.ts'
import type { Context } from '../context.ts'
import { columns } from '../paint.ts'
import { diffLines } from './diff-lines.ts'
import type { Comparison } from './write-bundle.ts'

type Result = { readonly comparisons: readonly Comparison[]; readonly remarks: readonly string[] }

const plans = { missing: 'new', other: 'changed', same: '' } as const
const words = { missing: 'written', other: 'replaced', same: 'unchanged' } as const

/** Says what was written, what to keep in mind, and what to do next. */
export function showResult({ comparisons, remarks }: Result, { cwd, stdout, paint }: Context): void {
  const rows = comparisons.map(({ target, state }) => [
    `  ${state === 'same' ? paint.dim(words[state]) : paint.green(words[state])}`,
    shorten(target, cwd),
  ])
  const runbook = comparisons.find(({ file }) => file.path === 'RUNBOOK.md')
  const lines = [
    ...columns(rows),
    ...remarks.map((remark) => `${paint.yellow('note:')} ${escapeControl(remark)}`),
    '',
    'Next:',
    ...columns([
      [`  ${paint.bold('tsicorn rehearse')}`, 'run it all on this machine and check it'],
      [
        `  ${paint.bold(shorten(runbook?.target ?? 'RUNBOOK.md', cwd))}`,
        '"Put it in place" has the commands for the host',
      ],
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

/** Shows what writing would change. */
export function showDiff(comparisons: readonly Comparison[], { cwd, stdout, paint }: Context): void {
  for (const { file, target, state, before } of comparisons) {
    if (state === 'same') continue
    stdout.write(`${paint.bold(`${shorten(target, cwd)}${state === 'missing' ? ' (new)' : ''}`)}\n`)
    for (const { sign, line } of diffLines(before, file.content)) {
      const colour = { '+': paint.green, '-': paint.red, ' ': paint.dim }[sign]
      stdout.write(`${colour(`${sign}${escapeControl(line)}`)}\n`)
    }
  }
}

function shorten(path: string, cwd: string): string {
  const relative = posix.relative(cwd, path)
  return escapeControl(relative.startsWith('..') ? path : relative)
}
