import type { CheckResult } from '../../contract/check-report.ts'
import { Failure } from '../../contract/errors.ts'
import { checkExitCodes } from '../../contract/exit-codes.ts'
import type { Check } from '../../deploy/check.ts'
import { liveChecks, stopCheck } from '../../deploy/checks/table.ts'
import { readableLine } from '../../deploy/log-line.ts'
import type { Rehearsal } from '../../deploy/rehearsal.ts'
import { describeDeath } from '../../deploy/rehearse.ts'
import { runChecks, summarize } from '../../deploy/run-checks.ts'
import { lastLines } from '../../deploy/server-process.ts'
import type { Context } from '../context.ts'
import { escapeControl } from '../paint.ts'
import { createReporter, formatJson, formatProblems, formatSummary } from '../report.ts'
import type { Interruption } from './interruptions.ts'
import type { RehearseFlags } from './read-flags.ts'

export type Company = {
  readonly rehearsal: Rehearsal
  readonly flags: RehearseFlags
  readonly interruption: Interruption
  readonly context: Context
  readonly say: (line: string) => void
}

/** Checks a stack and, unless that was all, stays with it until an interruption. Returns the exit status. */
export async function accompany(company: Company): Promise<number> {
  const { rehearsal, flags, interruption, context, say } = company
  const check = checker(company)
  const live = await raceDeath(rehearsal, (dead) => {
    const signal = AbortSignal.any([interruption.signal, dead])
    return check(liveChecks, signal)
  })
  interruption.signal.throwIfAborted()
  // The last check ends the stack, and from there on that is no death.
  const last = flags.once ? await check([stopCheck], interruption.signal) : []
  interruption.signal.throwIfAborted()
  const report = summarize([...live, ...last], flags.strict)
  for (const line of [...formatProblems(report, context.paint), '', formatSummary(report, context.paint)]) say(line)
  if (flags.json) context.stdout.write(formatJson(report))
  const status = report.ok ? checkExitCodes.noneFailed : checkExitCodes.someFailed
  // A site that the proxy refuses is served by nobody: there is nothing to stay up for.
  if (flags.once || rehearsal.frontRefuses !== null) return status
  await stay(company)
  return status
}

/** Shows what the stack says, until an interruption. Throws STACK_FAILED when a part of it dies. */
async function stay({ rehearsal, interruption, context, say }: Company): Promise<void> {
  say(`\nUp at ${context.paint.cyan(rehearsal.url)} until Ctrl-C. What the server and the application say follows.\n`)
  rehearsal.server.output.listen((line) => say(escapeControl(readableLine(line))))
  await raceDeath(rehearsal, (dead) => aborted(AbortSignal.any([interruption.signal, dead])))
}

/** Runs checks and tells of each, one table after the other in one report. */
function checker({ context, rehearsal, say }: Company) {
  const reporter = createReporter([...liveChecks, stopCheck], context.paint)
  const onResult = (result: CheckResult) => {
    for (const line of reporter.lines(result)) say(line)
  }
  return async (checks: readonly Check[], signal: AbortSignal): Promise<readonly CheckResult[]> =>
    (await runChecks(checks, rehearsal.target, { signal, onResult })).checks
}

/** Does work while all parts of the stack live. When one dies the work is told to stop, and STACK_FAILED is thrown. */
async function raceDeath<Result>(rehearsal: Rehearsal, work: (dead: AbortSignal) => Promise<Result>): Promise<Result> {
  const mourning = new AbortController()
  const doing = work(mourning.signal)
  const first = await Promise.race([rehearsal.death, doing.then(() => null)])
  if (first === null) return doing
  mourning.abort()
  await doing
  throw failureOf(first)
}

function failureOf(dead: Awaited<Rehearsal['death']>): Failure {
  const words = `${describeDeath(dead)}. Its last lines:`
  return new Failure('STACK_FAILED', [words, ...lastLines(dead.child, 12)].join('\n'))
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null)
    signal.addEventListener('abort', () => resolve(null), { once: true })
  })
}
