import type { Deeds } from './disturbances.ts'
import type { Load, Loss } from './load.ts'
import type { Figures } from './process-figures.ts'
import type { LogFindings } from './read-logs.ts'

/** A line of the table. `ok` is null where nothing is promised. */
export type Row = {
  readonly what: string
  readonly found: string
  readonly expected: string
  readonly ok: boolean | null
}

export type Outcome = {
  readonly minutes: number
  readonly load: Load
  readonly deeds: Deeds
  readonly logs: LogFindings
  readonly stray: readonly string[]
  /** Resident memory of the master after each round, the warm-up excepted, in KiB. */
  readonly memory: readonly number[]
  readonly before: Figures
  readonly after: Figures
  readonly zombies: number
  readonly replaced: number
  readonly leastReplaced: number
  readonly exitCode: number | null
  readonly troubles: readonly string[]
}

/**
 * A request is destroyed, and not lost, only when it was on a connection that a worker had open at the moment it was
 * killed: the sockets of each victim are read before it dies, and compared by port.
 */
export function lostOf({ losses }: Pick<Load, 'losses'>, { victims }: Deeds): readonly Loss[] {
  return losses.filter(({ port, at }) => !victims.some((victim) => victim.ports.has(port) && at >= victim.at))
}

const mostGrowth = 0.1

export function judge(outcome: Outcome): readonly Row[] {
  const { load, deeds, logs, memory, before, after, stray, troubles } = outcome
  const lost = lostOf(load, deeds)
  const fifth = Math.ceil(memory.length / 5)
  const [first, last] = [median(memory.slice(0, fifth)), median(memory.slice(-fifth))]
  const growth = last / first - 1
  const { reloads, kills, hangs, rotations, scalings } = deeds.count
  return [
    told('time', `${Math.round(outcome.minutes * 60)} s`),
    told(
      'disturbances',
      `${reloads} reloads, ${kills} kills, ${hangs} hangs, ${logs.recycled} recycled, ${scalings} scalings, ${rotations} rotations`,
    ),
    exact(
      'workers replaced',
      outcome.replaced,
      (found) => found >= outcome.leastReplaced,
      `>= ${outcome.leastReplaced}`,
    ),
    told('requests', `${load.sent()} sent, ${load.answered()} answered`),
    told('destroyed in killed and hung workers', String(load.losses.length - lost.length)),
    exact('lost', lost.length, (found) => found === 0, '0'),
    exact('connections refused', load.refused(), (found) => found === 0, '0'),
    exact(
      'descriptors of the master',
      after.descriptors,
      (found) => found === before.descriptors,
      String(before.descriptors),
    ),
    exact('threads of the master', after.threads, (found) => found === before.threads, String(before.threads)),
    {
      what: 'memory of the master, median of the last fifth against the first',
      found: `${mebibytes(last)} MiB (${growth < 0 ? '' : '+'}${(growth * 100).toFixed(1)} %)`,
      expected: `<= ${mebibytes(first)} MiB + ${mostGrowth * 100} %`,
      ok: growth <= mostGrowth,
    },
    exact('zombies older than 5 s', outcome.zombies, (found) => found === 0, '0'),
    exact('warnings and lines past the log', stray.length, (found) => found === 0, '0'),
    exact('log lines that are not whole', logs.torn.length, (found) => found === 0, `0 of ${logs.lines}`),
    exact('error records without a cause of ours', logs.unclaimed.length, (found) => found === 0, '0'),
    exact('disturbances that went wrong', troubles.length, (found) => found === 0, '0'),
    exact('exit status after TERM', outcome.exitCode ?? -1, (found) => found === 0, '0'),
  ]
}

function told(what: string, found: string): Row {
  return { what, found, expected: '', ok: null }
}

function exact(what: string, found: number, isOk: (found: number) => boolean, expected: string): Row {
  return { what, found: String(found), expected, ok: isOk(found) }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

function mebibytes(kibibytes: number): string {
  return (kibibytes / 1024).toFixed(1)
}
