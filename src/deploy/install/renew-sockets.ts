import { lstatSync, rmSync } from 'node:fs'
import { holdConnections } from './hold-connections.ts'
import type { Command, SocketsStep } from './step.ts'

// nginx ends a kept connection after five seconds at the latest, an old worker of it with the last request.
const patience = 10_000

/** Makes the sockets of a site others, and passes on what came in between. */
export async function renewSockets(step: SocketsStep, tell: (command: Command) => Promise<void>): Promise<void> {
  for (const command of step.before) await tell(command)
  const holding = await holdConnections(step.held.length > 0 ? step.from : [])
  let within = 0
  try {
    for (const command of step.held) await tell(command)
    holding.passOn(step.to)
    for (const command of step.after) await tell(command)
    within = patience
  } finally {
    await holding.end(within)
  }
  for (const path of step.stale) removeSocket(path)
}

function removeSocket(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) rmSync(path, { force: true })
}
