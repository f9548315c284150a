import { checkExitCodes } from '../contract/exit-codes.ts'
import { startRehearsal } from '../deploy/rehearse.ts'
import type { Context, Flags } from './context.ts'
import { accompany } from './rehearse/accompany.ts'
import { describeStack } from './rehearse/describe-stack.ts'
import { hearInterruptions } from './rehearse/interruptions.ts'
import { loadProject } from './rehearse/load-project.ts'
import { lookAround } from './rehearse/look-around.ts'
import { notesOn } from './rehearse/notes.ts'
import { readFlags } from './rehearse/read-flags.ts'
import { settlePorts } from './rehearse/settle-ports.ts'

/**
 * Runs the site of a project as one stack on this machine, checks it, and stays up until it is told to stop.
 * Whatever happens, nothing it started or wrote is left when it returns or throws.
 */
export async function runRehearse(directory: string | undefined, given: Flags, context: Context): Promise<number> {
  const flags = readFlags(given)
  const interruption = hearInterruptions(context)
  const say = (line: string) => void (flags.json || context.stdout.write(`${line}\n`))
  try {
    const project = await loadProject(directory, context)
    const machine = await lookAround(context, project.site.proxy)
    const ports = await settlePorts({
      ...{ flags, directory, project, context, signal: interruption.signal },
      withProxy: machine.front !== null,
    })
    const notes = notesOn(project, machine)
    say(`Starting ${project.site.name} as on its host, from ${project.from} …`)
    const tellKept = (path: string) => void context.stderr.write(`The files of this rehearsal stay in ${path}\n`)
    const order = { ...project.order, machine, ports, keepScratch: flags.keep ? tellKept : null }
    const rehearsal = await startRehearsal(order, interruption.signal)
    try {
      for (const line of await describeStack(rehearsal, notes, context)) say(line)
      return await accompany({ rehearsal, flags, interruption, context, say })
    } finally {
      await rehearsal.end()
      if (!flags.once && !flags.keep) say('\nStopped; nothing of it is left.')
    }
  } catch (error) {
    if (interruption.signal.aborted) return interruption.status() ?? checkExitCodes.couldNotCheck
    throw error
  } finally {
    interruption.forget()
  }
}
