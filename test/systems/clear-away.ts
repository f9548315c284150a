import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { settled } from '../helpers/until.ts'

const script = join(import.meta.dirname, 'clear-away.sh')

/** Who clears a machine away when it is left: at the latest with the end of this process, killed or not. */
export type Caretaker = {
  /** Clears it away: its processes, its cgroups, its interfaces and its scratch folder. */
  readonly clear: () => Promise<void>
  /** Lets it stay, also when this process ends. */
  readonly dismiss: () => void
}

/** To be called before the machine is started. It has a session of its own, for Ctrl-C is for those who may fail to obey. */
export function careFor(name: string, scratch: string): Caretaker {
  const child = spawn('bash', [script, name, scratch, '--when-left'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.unref()
  return {
    clear: () => {
      child.stdin.end()
      return settled(ended, { what: `${name} to be cleared away`, within: 60_000 })
    },
    dismiss: () => void child.stdin.end('stay\n'),
  }
}

/** The same for a person, as a line. */
export function clearingLine(name: string, scratch: string): string {
  return `bash ${script} ${name} ${scratch}`
}
