import { connect } from 'node:net'
import { atLeast } from '../settings/kinds/nginx-words.ts'
import { type ProxyName, proxies } from '../settings/proxies.ts'
import { type Child, describeEnd, startChild } from './child.ts'
import { startFailure } from './server-process.ts'
import type { SyntaxTest } from './target.ts'
import { until } from './until.ts'

/** The program in front of the server. */
export type Front = {
  readonly name: ProxyName
  readonly binary: string
  readonly version: string
  /** The folder it takes as its own, and its configuration file. */
  readonly prefix: string
  readonly configuration: string
  readonly environment: Readonly<Record<string, string>>
  readonly asRoot: boolean
}

const patience = 10_000

/** Lets the proxy read its configuration without serving it. */
export async function testFront(front: Front, signal?: AbortSignal): Promise<SyntaxTest> {
  const { execa } = await import('execa')
  const result = await execa(front.binary, [...commands[front.name](front).test], {
    ...{ env: front.environment, extendEnv: false, cwd: '/' },
    ...{ reject: false, timeout: 15_000, stdin: 'ignore', ...(signal === undefined ? {} : { cancelSignal: signal }) },
  })
  // That it went well is said by the exit status; what matters are the other lines.
  const words = (result.stderr ?? '').split('\n').filter((line) => !commonplace.test(line))
  return {
    ok: !result.failed,
    words: words.join(' ').trim() || (result.shortMessage ?? ''),
  }
}

/** Starts the proxy and waits until the port is answered. Throws STACK_FAILED with its last lines when it is not. */
export async function startFront(
  front: Front,
  port: number,
  { onStart, signal }: { readonly onStart: (child: Child) => void; readonly signal: AbortSignal },
): Promise<Child> {
  const child = await startChild({
    name: front.name,
    ...servingCommand(front),
    directory: '/',
    environment: front.environment,
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
 * Apache refuses to serve as root, and nobody else may enter our scratch folder: as an ordinary user who keeps the one
 * capability of passing by permissions (capabilities(7)) it serves there all the same.
 */
function servingCommand(front: Front): { readonly command: string; readonly arguments: readonly string[] } {
  const { serve } = commands[front.name](front)
  if (front.name !== 'apache' || !front.asRoot) return { command: front.binary, arguments: serve }
  const kept = '-all,+dac_override'
  const user = ['--reuid=nobody', '--regid=nogroup', '--clear-groups', `--inh-caps=${kept}`, `--ambient-caps=${kept}`]
  return { command: 'setpriv', arguments: [...user, front.binary, ...serve] }
}

/** How a person tests the configuration on a host. */
export function testCommand(name: ProxyName): string {
  return hostTests[name]
}

const hostTests = {
  nginx: 'nginx -t',
  haproxy: 'haproxy -c',
  caddy: 'caddy validate',
  apache: 'apachectl -t',
} as const satisfies Readonly<Record<ProxyName, string>>

type Commands = { readonly test: readonly string[]; readonly serve: readonly string[] }

const commands: Readonly<Record<ProxyName, (front: Front) => Commands>> = {
  nginx: (front) => ({ test: ['-t', ...nginxArguments(front)], serve: nginxArguments(front) }),
  haproxy: ({ configuration }) => ({ test: ['-c', '-f', configuration], serve: ['-db', '-f', configuration] }),
  caddy: ({ configuration }) => {
    const which = ['--adapter', 'caddyfile', '--config', configuration]
    return { test: ['validate', ...which], serve: ['run', ...which] }
  },
  apache: ({ configuration }) => ({ test: ['-t', '-f', configuration], serve: ['-DFOREGROUND', '-f', configuration] }),
}

// nginx ends with two lines about success or failure, Apache with one; Caddy tells what it does, as JSON.
const commonplace =
  /^nginx: (?:the )?configuration file .* test is|^nginx: the configuration file .* syntax is ok|^Syntax OK$|"level":"info"|redirects are disabled/

/**
 * Before nginx has read where to log, it opens the log path it was built with, which an ordinary user may not.
 * From 1.19.5 it can be told another one.
 */
function nginxArguments({ prefix, configuration, version }: Front): readonly string[] {
  return ['-p', prefix, '-c', configuration, ...(atLeast(version, '1.19.5') ? ['-e', 'stderr'] : [])]
}

/** The title of a proxy with its version, for people. */
export function frontTitle({ name, version }: Pick<Front, 'name' | 'version'>): string {
  return `${proxies[name].title} ${version}`.trim()
}

function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
