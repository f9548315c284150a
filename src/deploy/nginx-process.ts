import { connect } from 'node:net'
import { execa } from 'execa'
import { atLeast } from '../settings/kinds/nginx-words.ts'
import { type Child, describeEnd, startChild } from './child.ts'
import { startFailure } from './server-process.ts'
import type { SyntaxTest } from './target.ts'
import { until } from './until.ts'

export type Nginx = {
  readonly binary: string
  readonly version: string
  /** The folder it takes as its own, and its configuration file. */
  readonly prefix: string
  readonly configuration: string
  readonly environment: Readonly<Record<string, string>>
}

const patience = 10_000

/** Lets nginx read its configuration without serving it. */
export async function testNginx(nginx: Nginx, signal?: AbortSignal): Promise<SyntaxTest> {
  const result = await execa(nginx.binary, ['-t', ...argumentsOf(nginx)], {
    ...{ env: nginx.environment, extendEnv: false, cwd: '/' },
    ...{ reject: false, timeout: 15_000, stdin: 'ignore', ...(signal === undefined ? {} : { cancelSignal: signal }) },
  })
  // The last two lines say only whether it succeeded; what matters comes before.
  const words = (result.stderr ?? '')
    .split('\n')
    .filter(
      (line) =>
        !/^nginx: (?:the )?configuration file .* test is|^nginx: the configuration file .* syntax is ok/.test(line),
    )
  return {
    ok: !result.failed,
    words: words.join(' ').trim() || (result.shortMessage ?? ''),
  }
}

/** Starts nginx and waits until the port is answered. Throws STACK_FAILED with its last lines when it is not. */
export async function startNginx(
  nginx: Nginx,
  port: number,
  { onStart, signal }: { readonly onStart: (child: Child) => void; readonly signal: AbortSignal },
): Promise<Child> {
  const child = await startChild({
    name: 'nginx',
    command: nginx.binary,
    arguments: argumentsOf(nginx),
    directory: '/',
    environment: nginx.environment,
  })
  onStart(child)
  const answered = await until(async () => (child.end() !== null || (await isAnswered(port)) ? true : null), {
    within: patience,
    signal,
  })
  const end = child.end()
  if (end !== null) throw startFailure(child, describeEnd(end))
  if (answered === null) throw startFailure(child, `did not listen on port ${port} after ${patience / 1000} s`)
  return child
}

/**
 * Before nginx has read where to log, it opens the log path it was built with, which an ordinary user may not.
 * From 1.19.5 it can be told another one.
 */
function argumentsOf({ prefix, configuration, version }: Nginx): readonly string[] {
  return ['-p', prefix, '-c', configuration, ...(atLeast(version, '1.19.5') ? ['-e', 'stderr'] : [])]
}

function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
