import { join } from 'node:path'
import type { Load, LoadCount, LoadOptions } from '../helpers/load.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { slowness } from '../helpers/slowness.ts'
import { settled, until } from '../helpers/until.ts'
import type { System } from './system.ts'

/** An emulated machine whose processors are kept busy by requests gets to nothing else. */
const gently: Partial<LoadOptions> = slowness > 1 ? { connections: 1 } : {}

/** Loads a machine from inside its network, until stopped: startLoad of the helpers, in a process of its own. */
export function startLoadIn(system: System, options: LoadOptions): Load {
  const program = join(import.meta.dirname, 'load-program.ts')
  const [file, args] = system.inNetwork(process.execPath, [
    '--import',
    'tsx',
    program,
    JSON.stringify({ ...options, ...gently }),
  ])
  const group = spawnGroup(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  let last: LoadCount = { sent: 0, answered: 0, statuses: {}, lost: [] }
  let rest = ''
  group.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    const line = lines.at(-1)
    if (line !== undefined) last = JSON.parse(line) as LoadCount
  })
  const stop: Load['stop'] = async (waiting) => {
    group.child.stdin?.end()
    await settled(group.ended, { what: 'the last answers under load', within: 60_000, ...waiting })
    await group.kill()
    return last
  }
  return {
    count: () => last,
    progress: async (answers, waiting) => {
      const goal = last.answered + answers
      const isReached = () => {
        group.child.stdin?.write('\n')
        return last.answered >= goal
      }
      await until(isReached, { what: `${answers} more answers under load`, within: 60_000, ...waiting })
    },
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}
