import { Writable } from 'node:stream'
import type { Context } from '../../../src/cli/context.ts'
import { createPaint } from '../../../src/cli/paint.ts'

/** A context without a terminal, and what was written to it. */
export type Screen = { readonly context: Context; readonly out: () => string; readonly err: () => string }

/** A command's surroundings, held in memory. */
export function createScreen(
  given: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Screen {
  const [stdout, out] = memory()
  const [stderr, err] = memory()
  const { env = {}, cwd = '/nowhere' } = given
  const context = { env, cwd, stdin: process.stdin, stdout, stderr, paint: createPaint({}, env) }
  return { context, out, err }
}

function memory(): readonly [Writable, () => string] {
  let text = ''
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk)
      done()
    },
  })
  return [stream, () => text]
}
