import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

type LogRecord = {
  readonly level?: string
  readonly event?: string
  readonly workerPid?: number
  readonly msg?: string
}

export type LogFindings = {
  readonly lines: number
  /** Lines that are no whole record. */
  readonly torn: readonly string[]
  /** Errors that no victim of ours accounts for. */
  readonly unclaimed: readonly string[]
  /** How many workers became ready, and how many were due by their requests. */
  readonly ready: number
  readonly recycled: number
}

/** Reads the log and all its rotated files. */
export function readLogs(logFile: string, victims: ReadonlySet<number>): LogFindings {
  const names = readdirSync(dirname(logFile)).filter((name) => name.startsWith(basename(logFile)))
  const lines = names.flatMap((name) =>
    readFileSync(join(dirname(logFile), name), 'utf8')
      .split('\n')
      .filter(Boolean),
  )
  const torn: string[] = []
  const records = lines.flatMap((line): readonly LogRecord[] => {
    try {
      return [JSON.parse(line) as LogRecord]
    } catch {
      torn.push(line)
      return []
    }
  })
  const isClaimed = ({ event, workerPid }: LogRecord): boolean =>
    (event === 'worker.died' || event === 'worker.hung') && workerPid !== undefined && victims.has(workerPid)
  const errors = records.filter(({ level }) => level === 'error' || level === 'critical' || level === 'fatal')
  const count = (event: string): number => records.filter((record) => record.event === event).length
  return {
    lines: lines.length,
    torn,
    unclaimed: errors.filter((record) => !isClaimed(record)).map((record) => JSON.stringify(record)),
    ready: count('worker.ready'),
    recycled: count('worker.recycling'),
  }
}
