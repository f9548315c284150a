import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnGroup } from '../helpers/process-group.ts'
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

/**
 * Measures a part in a process of its own: one that fails or takes too long costs only its own figures, and leaves no
 * process behind.
 */
export async function runPart({ name, quick, folder, within }: PartOrder): Promise<Part> {
  const file = join(folder, 'part.json')
  const main = join(repository, 'test', 'bench', 'main.ts')
  const args = [...process.execArgv, main, '--only', name, '--into', file, ...(quick ? ['--quick'] : [])]
  const group = spawnGroup(process.execPath, args, {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    const { code } = await settled(group.ended, { what: `${name} to be measured`, within })
    if (code !== 0) return missing(name, 'it failed, as said above')
    return JSON.parse(readFileSync(file, 'utf8')) as Part
  } catch {
    process.kill(group.pid, 'SIGTERM')
    await settled(group.ended, { what: 'its processes to end', within: farewell }).catch(() => undefined)
    return missing(name, `it took longer than ${(within / 60_000).toFixed(1)} minutes`)
  } finally {
    await group.kill()
  }
}

function missing(name: string, why: string): Part {
  return { id: name, title: name, notes: [], measures: [], claims: [], missing: `${name}: ${why}` }
}
