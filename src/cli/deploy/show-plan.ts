import { titleOf } from '../../deploy/install/journal.ts'
import { commandLine } from '../../deploy/install/run-command.ts'
import { type Conflict, commandsOf, type Plan, type Step } from '../../deploy/install/step.ts'
import { textOf } from '../../deploy/install/wanted.ts'
import type { Context } from '../context.ts'
import { diffLines } from '../init/diff-lines.ts'
import { columns, escapeControl, type Paint } from '../paint.ts'

/** The plan as a table: what is done, to what, and with what. */
export function planLines(plan: Plan, paint: Paint): readonly string[] {
  if (plan.steps.length + plan.afterwards.length === 0) return ['Nothing to do: everything is in place.']
  const rows = plan.steps.flatMap((step) => rowsOf(step, paint))
  const later = plan.afterwards.flatMap(({ command, words }) => [
    `  ${paint.cyan('then')}    ${commandLine(command)}`,
    `          ${paint.dim(words)}`,
  ])
  return [...columns(rows.map((row) => ['', ...row])), ...later]
}

/** What would change in each file, line by line; of new files only with `all`. */
export function diffsOf(plan: Plan, { paint }: Pick<Context, 'paint'>, all: boolean): readonly string[] {
  return plan.steps.flatMap((step) => {
    if (step.kind === 'remove')
      return all ? textDiff(step.path, textOf(step.found) ?? '', textOf(step.leaves) ?? '', paint) : []
    if (step.kind !== 'put' || step.wanted.kind !== 'file' || step.change === 'owner') return []
    if (step.change === 'create' && !all) return []
    if (step.wanted.secret)
      return ['', paint.bold(step.wanted.path), paint.dim('  (it may hold secrets, and is not shown)')]
    return textDiff(step.wanted.path, textOf(step.found) ?? '', step.wanted.content, paint)
  })
}

/** What stands in the way, each with what was changed on the host and what the deployment would write. */
export function conflictLines(conflicts: readonly Conflict[], paint: Paint): readonly string[] {
  return conflicts.flatMap(({ path, words, installed, found, wanted, yields }) => {
    const heading = yields ? `${path} ${words}` : words
    const before = installed ?? ''
    return [
      '',
      `${paint.red('in the way')}  ${paint.bold(escapeControl(heading))}`,
      ...(installed !== null && found !== null
        ? ['  changed on this host since it was installed:', ...lines(before, found, paint)]
        : []),
      ...(found !== null && wanted !== null
        ? ['  this deployment would make of it:', ...lines(found, wanted, paint)]
        : []),
    ]
  })
}

/** The plan for machines. Contents of secret files are left out. */
export function planJson(plan: Plan): string {
  const steps = plan.steps.map((step) => ({
    kind: step.kind,
    title: titleOf(step),
    ...(step.kind === 'put' && {
      path: step.wanted.path,
      change: step.change,
      ...(step.wanted.kind === 'link'
        ? { target: step.wanted.target }
        : { mode: octal(step.wanted.mode), user: step.wanted.user, group: step.wanted.group }),
      ...(step.wanted.kind === 'file' &&
        !step.wanted.secret && { before: textOf(step.found), after: step.wanted.content }),
    }),
    ...(step.kind === 'remove' && { path: step.path }),
    ...(step.kind === 'command' && { command: step.command }),
    ...(step.kind === 'sockets' && { commands: commandsOf(step) }),
    ...(step.kind === 'directories' && { paths: step.directories.map(({ wanted }) => wanted.path) }),
  }))
  const conflicts = plan.conflicts.map(({ path, words, yields }) => ({ path, words, yields }))
  return `${JSON.stringify({ site: plan.site, kind: plan.kind, steps, conflicts, notes: plan.notes, afterwards: plan.afterwards }, null, 2)}\n`
}

function rowsOf(step: Step, paint: Paint): readonly (readonly string[])[] {
  if (step.kind === 'put') {
    const { wanted, change } = step
    const verb = { create: paint.green('create'), change: paint.yellow('change'), owner: paint.yellow('owner') }[change]
    if (wanted.kind === 'link') return [[verb, wanted.path, paint.dim(`-> ${wanted.target}`)]]
    return [[verb, wanted.path, paint.dim(`${octal(wanted.mode)} ${wanted.user}:${wanted.group}`)]]
  }
  if (step.kind === 'remove')
    return [[step.leaves.kind === 'absent' ? paint.red('remove') : paint.yellow('put back'), step.path, '']]
  if (step.kind === 'accounts') {
    const names = [...step.users.map((user) => `user ${user}`), ...step.groups.map((group) => `group ${group}`)]
    return [[paint.green('create'), names.join(', '), paint.dim(step.commands.map(commandLine).join(' && '))]]
  }
  if (step.kind === 'directories')
    return step.directories.map(({ wanted, found }) => [
      found.kind === 'absent' ? paint.green('create') : paint.yellow('owner'),
      `${wanted.path}/`,
      paint.dim(`${octal(wanted.mode)} ${wanted.user}:${wanted.group}`),
    ])
  if (step.kind === 'certificate')
    return [[paint.green('create'), step.wanted.certificate, paint.dim(`self-signed: ${step.why}`)]]
  if (step.kind === 'dismiss')
    return [
      [
        paint.red('remove'),
        [...new Set([...step.users, ...step.groups])].join(', '),
        paint.dim('unless data of theirs is left'),
      ],
    ]
  return commandsOf(step).map((command) => [paint.cyan('run'), commandLine(command), paint.dim(step.title)])
}

function textDiff(path: string, before: string, after: string, paint: Paint): readonly string[] {
  return ['', paint.bold(path), ...lines(before, after, paint)]
}

function lines(before: string, after: string, paint: Paint): readonly string[] {
  return diffLines(before, after).map(({ sign, line }) => {
    const colour = { '+': paint.green, '-': paint.red, ' ': paint.dim }[sign]
    return colour(`  ${sign}${escapeControl(line)}`)
  })
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`
}
