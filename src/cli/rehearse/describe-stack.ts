import { childrenOf } from '../../deploy/processes.ts'
import type { Rehearsal } from '../../deploy/rehearsal.ts'
import type { Context } from '../context.ts'
import { columns } from '../paint.ts'

/** What runs where, for people: each process with its address, then the one to open. */
export async function describeStack(
  rehearsal: Rehearsal,
  notes: readonly string[],
  { paint }: Context,
): Promise<readonly string[]> {
  const workers = await childrenOf(rehearsal.server.pid)
  const rows = [
    ...rehearsal.parts.map(({ name, pid, serves }) => [name, `pid ${pid}`, serves]),
    ['workers', `pid ${workers.join(', ')}`, ''],
    ['files', '', rehearsal.scratch],
  ]
  const url = rehearsal.frontRefuses === null ? ['', `  ${paint.bold(paint.cyan(rehearsal.url))}`] : []
  return ['', ...columns(rows).map((line) => `  ${line}`), ...url, ...notes.map((note) => `\n  ${paint.dim(note)}`)]
}
