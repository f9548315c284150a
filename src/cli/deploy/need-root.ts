import { Failure } from '../../contract/errors.ts'
import { commandLine } from '../../deploy/install/run-command.ts'
import { type Command, commandsOf, type Plan, type Step } from '../../deploy/install/step.ts'

/** Says what would have to be run as root, for somebody who is not. */
export function needRoot(plan: Plan, directory: string): Failure {
  const commands = [...new Set(plan.steps.flatMap((step) => byHand(step, directory)).map(commandLine))]
  const words = commands.length === 0 ? [] : ['These need root:', ...commands.map((line) => `  ${line}`)]
  return new Failure(
    'NOT_PERMITTED',
    ['to deploy on this host takes root; nothing was changed.', ...words].join('\n'),
    {
      fix: `As root, one command does all of it, with a way back: tsicorn deploy ${commandLine([directory])}`,
    },
  )
}

function byHand(step: Step, directory: string): readonly Command[] {
  if (step.kind === 'remove') return [['rm', step.path]]
  if (step.kind !== 'put') return commandsOf(step)
  const { wanted } = step
  if (wanted.kind === 'link') return [['ln', '-sfn', wanted.target, wanted.path]]
  const from = `${directory}/deploy${wanted.path}`
  const owner = wanted.group === 'root' ? [] : ['-g', wanted.group]
  return [['install', '-D', '-m', `0${wanted.mode.toString(8)}`, ...owner, from, wanted.path]]
}
