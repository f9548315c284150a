import { Failure } from '../contract/errors.ts'
import { type ExitCode, exitCodes } from '../contract/exit-codes.ts'
import type { Output } from './context.ts'
import { createPaint, escapeControl } from './paint.ts'

type Audience = { readonly stderr: Output; readonly env: Readonly<Record<string, string | undefined>> }

/** Tells a person what went wrong and what to do about it. Returns the exit status. Only the unforeseen shows its stack. */
export function complain(error: unknown, { stderr, env }: Audience): ExitCode {
  const paint = createPaint(stderr, env)
  const name = paint.red('tsicorn:')
  if (error instanceof Failure) {
    const [first = '', ...others] = error.message.split('\n').map(escapeControl)
    const lines = [`${name} ${first}`, ...others.map((line) => `  ${line}`)]
    if (error.fix !== undefined) lines.push(...error.fix.split('\n').map((line) => paint.dim(escapeControl(line))))
    stderr.write(`${lines.join('\n')}\n`)
    return error.exit
  }
  stderr.write(`${name} unexpected failure: ${stackOf(error)}\n`)
  return exitCodes.failure
}

function stackOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? String(error)) : String(error)
  return text.split('\n').map(escapeControl).join('\n')
}
