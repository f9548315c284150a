import { writeFileSync } from 'node:fs'
import type { CheckResult } from '../contract/check-report.ts'
import { Failure } from '../contract/errors.ts'
import { checkExitCodes } from '../contract/exit-codes.ts'
import type { CheckRow } from '../deploy/check.ts'
import { type LayerRun, layerRuns } from '../deploy/check-layers.ts'
import { summarize } from '../deploy/run-checks.ts'
import { formatJunit } from './check/junit.ts'
import { type CheckFlags, readCheckFlags } from './check/read-flags.ts'
import type { Context, Flags } from './context.ts'
import { loadBundle } from './deploy/load-bundle.ts'
import { launcherPath, nodePath } from './init/detect-host.ts'
import { hearInterruptions } from './rehearse/interruptions.ts'
import { createReporter, formatJson, formatProblems, formatSummary } from './report.ts'
import { version } from './version.ts'

/** Checks what a bundle has become on this host, and changes nothing. Returns the exit status. */
export async function runCheck(directory: string | undefined, given: Flags, context: Context): Promise<number> {
  const flags = readCheckFlags(given, context)
  const bundle = await loadBundle(directory, context)
  const interruption = hearInterruptions(context)
  const runs = layerRuns({
    ...{ answers: bundle.answers, files: bundle.files, directory: bundle.directory },
    ...{ layers: flags.layers, root: flags.root, isRoot: process.getuid?.() === 0 },
    ...{ version: version(), own: { node: nodePath(), launcher: launcherPath() } },
    ...{ path: `${context.env['PATH'] ?? ''}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin` },
  })
  try {
    const results = await runAll(runs, { flags, context, signal: interruption.signal })
    if (interruption.signal.aborted) return interruption.status() ?? checkExitCodes.couldNotCheck
    return report(results, rowsOf(runs), { flags, context })
  } finally {
    interruption.forget()
  }
}

type Session = { readonly flags: CheckFlags; readonly context: Context; readonly signal: AbortSignal }

async function runAll(runs: readonly LayerRun[], { flags, context, signal }: Session): Promise<readonly CheckResult[]> {
  const reporter = createReporter(rowsOf(runs), context.paint)
  const { stdout, stderr, paint } = context
  // Which check is under way is for a person who waits; it is wiped before the next line.
  const transient = !flags.json && stdout.isTTY === true && stderr.isTTY === true
  const wipe = () => void (transient && stderr.write('\r\u001b[K'))
  const onStart = ({ title }: CheckRow) => void (transient && stderr.write(`\r\u001b[K  ${paint.dim(`… ${title}`)}`))
  const onResult = (result: CheckResult) => {
    wipe()
    if (!flags.json) for (const line of reporter.lines(result)) stdout.write(`${line}\n`)
  }
  const results: CheckResult[] = []
  for (const run of runs) {
    if (signal.aborted) break
    results.push(...(await run.run({ signal, active: flags.active, onStart, onResult })).checks)
  }
  wipe()
  return results
}

function report(
  results: readonly CheckResult[],
  rows: readonly CheckRow[],
  { flags, context }: Pick<Session, 'flags' | 'context'>,
): number {
  const found = summarize(results, flags.strict)
  const { stdout, paint } = context
  if (flags.json) stdout.write(formatJson(found))
  else for (const line of [...formatProblems(found, paint), '', formatSummary(found, paint)]) stdout.write(`${line}\n`)
  if (flags.junit !== null) writeReport(flags.junit, formatJunit(found, rows))
  return found.ok ? checkExitCodes.noneFailed : checkExitCodes.someFailed
}

function writeReport(path: string, content: string): void {
  try {
    writeFileSync(path, content)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Failure('USAGE', `--junit: ${path} cannot be written: ${words}`, { cause: error })
  }
}

function rowsOf(runs: readonly LayerRun[]): readonly CheckRow[] {
  return runs.flatMap(({ rows }) => rows)
}
