import type { ControlAnswer, StatusView } from '../../contract/control.ts'
import { Failure } from '../../contract/errors.ts'
import { exitCodes } from '../../contract/exit-codes.ts'
import type { Context } from '../context.ts'
import { clip, escapeControl } from '../paint.ts'
import { duration, showWorkers } from './show.ts'
import { openScreen, type Screen } from './terminal-screen.ts'

export type TopOptions = {
  readonly ask: () => Promise<ControlAnswer>
  /** The pause between two looks, in milliseconds. */
  readonly intervalMs: number
}

/** What was seen when; requests a second are the difference between two looks. */
type Look = { readonly view: StatusView; readonly at: number }

/** Shows the status again and again on a terminal, until somebody has seen enough; on anything else, once. */
export async function runTop({ ask, intervalMs }: TopOptions, context: Context): Promise<number> {
  const { stdout } = context
  if (stdout.isTTY !== true) {
    stdout.write(`${frame({ view: viewIn(await ask()), at: performance.now() }, null, context).join('\n')}\n`)
    return exitCodes.ok
  }
  // What is wrong from the start is told where it can be read afterwards.
  let last: Look = { view: viewIn(await ask()), at: performance.now() }
  let lines = frame(last, null, context)
  await using screen = openScreen(context)
  const draw = (): void => show(screen, lines)
  screen.onResize(draw)
  while (!screen.isOver) {
    draw()
    await screen.pause(intervalMs)
    if (screen.isOver) break
    try {
      const next = { view: viewIn(await Promise.race([ask(), screen.over])), at: performance.now() }
      lines = frame(next, last, context)
      last = next
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      // It may be on its way back: a service that restarts.
      lines = [context.paint.red(escapeControl(error.message)), '', ...frame(last, null, context)]
    }
  }
  return screen.status
}

function viewIn(answer: ControlAnswer | null): StatusView {
  if (answer === null) throw new Failure('FAILURE', 'nobody waits for the answer any more')
  if (!answer.ok) throw new Failure('FAILURE', answer.message)
  return answer.view as StatusView
}

function frame({ view, at }: Look, last: Look | null, { paint }: Context): readonly string[] {
  const isSame = last?.view.pid === view.pid
  const rate = isSame
    ? `${Math.round(((view.requests - last.view.requests) * 1000) / (at - last.at))} requests/s, `
    : ''
  const name = view.name === '' ? '' : ` ${escapeControl(view.name)}`
  const error =
    view.lastError === null
      ? []
      : [paint.red(`${duration(view.lastErrorSeconds ?? 0)} ago: ${escapeControl(view.lastError)}`)]
  return [
    `${paint.bold(`tsicorn${name}`)}  pid ${view.pid}, up ${duration(view.uptimeSeconds)}, ${rate}${view.requests} requests in all`,
    escapeControl(view.status),
    ...error,
    '',
    ...showWorkers(view.workers, paint).split('\n'),
  ]
}

function show(screen: Screen, lines: readonly string[]): void {
  const { rows, columns } = screen.size()
  screen.draw(lines.slice(0, rows).map((line) => clip(line, columns)))
}
