import { readdirSync, readFileSync } from 'node:fs'

/** What a process holds, and how many of its children are dead and not taken note of. */
export type Figures = {
  readonly descriptors: number
  readonly threads: number
  readonly rssKiB: number
  readonly zombies: readonly number[]
}

export function figuresOf(pid: number): Figures {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: field('Threads'),
    rssKiB: field('VmRSS'),
    zombies: zombiesOf(pid),
  }
}

function zombiesOf(parent: number): readonly number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return state === 'Z' && ppid === String(parent) ? [Number(entry)] : []
    } catch {
      return []
    }
  })
}
