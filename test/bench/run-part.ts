import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { repository } from '../helpers/repository.ts'
import { settled } from '../helpers/until.ts'
import type { Part } from './report.ts'

export type PartOrder = {
  readonly name: string
  readonly quick: boolean
  /** A folder of its own, which is removed afterwards. */
  readonly folder: string
  /** The longest it may take, in milliseconds. */
  readonly within: number
}

/** How long a part that is told to end may take for its own processes, in milliseconds. */
const farewell = 10_000

/** The part that is being measured. */
let current: ChildProcess | null = null

// It has processes of its own to end, and does so when it is told to; then it is our turn.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  const end = (): never => process.exit(128 + constants.signals[signal])
  process.prependListener(signal, () => {
    if (current === null) end()
    current?.once('exit', end)
    current?.kill('SIGTERM')
  })
}

/**
 * Measures a part in a process of its own: one that fails or takes too long costs only its own figures, and leaves no
 * process behind.
 */
export async function runPart({ name, quick, folder, within }: PartOrder): Promise<Part> {
  const file = join(folder, 'part.json')
  const main = join(repository, 'test', 'bench', 'main.ts')
  const args = [...process.execArgv, main, '--only', name, '--into', file, ...(quick ? ['--quick'] : [])]
  const env = { ...process.env, TMPDIR: folder }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  current = child
  try {
    const code = await settled(ended, { what: `${name} to be measured`, within })
    if (code !== 0) return missing(name, 'it failed, as said above')
    return JSON.parse(readFileSync(file, 'utf8')) as Part
  } catch {
    child.kill('SIGTERM')
    await settled(ended, { what: 'its processes to end', within: farewell }).catch(() => child.kill('SIGKILL'))
    return missing(name, `it took longer than ${(within / 60_000).toFixed(1)} minutes`)
  } finally {
    current = null
  }
}

function missing(name: string, why: string): Part {
  return { id: name, title: name, notes: [], measures: [], claims: [], missing: `${name}: ${why}` }
}
