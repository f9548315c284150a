import { spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { type DaemonWord, daemonVariable } from '../contract/daemon.ts'
import { type ErrorCode, Failure } from '../contract/errors.ts'
import { type ExitCode, exitCodes } from '../contract/exit-codes.ts'
import { libc } from '../system/libc.ts'
import type { Notifier } from '../system/notify.ts'

export type DaemonPlan = {
  /** The command line of this process, script first. */
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

const channelFd = 3

/**
 * Starts the same command in a session of its own, without a terminal, and waits until it serves.
 * Returns the status to end with; throws Failure with the daemon's own reason when it does not come up.
 */
export function startDaemon({ command, cwd, env }: DaemonPlan): Promise<ExitCode> {
  refuseSupervision(env)
  const child = spawn(process.execPath, [...process.execArgv, ...command], {
    ...{ cwd, detached: true, env: { ...env, [daemonVariable]: String(channelFd) } },
    // What is wrong before the log is open is said on the terminal, by the daemon itself.
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  const channel = child.stdio[channelFd]
  // Whoever ends the starter means the server: it has not been told that there is one yet.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    let status: string | null = null
    if (channel instanceof Duplex) {
      listen(channel, (word) => {
        if (word.type === 'ready') resolve(exitCodes.ok)
        else status = word.status
      })
    }
    child.once('error', (error) =>
      reject(new Failure('FAILURE', `the system refuses to start a process: ${error.message}`)),
    )
    child.once('close', (code, signal) => {
      if (status === null && code !== null) resolve(code as ExitCode)
      else reject(failureOf(code, status ?? `the daemon was ended by ${signal} before it was ready`))
    })
  })
}

/** A service manager would take the end of the starter for the end of the service, and its sockets would not be passed on. */
function refuseSupervision({ NOTIFY_SOCKET, LISTEN_FDS }: NodeJS.ProcessEnv): void {
  const name = NOTIFY_SOCKET !== undefined ? 'NOTIFY_SOCKET' : LISTEN_FDS !== undefined ? 'LISTEN_FDS' : null
  if (name === null) return
  throw new Failure('USAGE', `expected no --daemon under a service manager (${name} is set), got it`, {
    fix: 'Remove daemon: the service manager keeps the server in the background, and restarts it.',
  })
}

function listen(channel: Duplex, hear: (word: DaemonWord) => void): void {
  let rest = ''
  channel.on('error', () => {})
  channel.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(JSON.parse(line) as DaemonWord)
  })
}

const codes: Readonly<Partial<Record<number, ErrorCode>>> = {
  [exitCodes.workerBoot]: 'WORKER_BOOT',
  [exitCodes.appLoad]: 'APP_LOAD',
  [exitCodes.bind]: 'BIND_REFUSED',
}

function failureOf(code: number | null, status: string): Failure {
  return new Failure(codes[code ?? -1] ?? 'FAILURE', status.replace(/^failed: /, 'the server did not start: '))
}

/** The daemon's side: tells its starter as it would a service manager. Null when this process is no daemon that is starting. */
export function starterOf(env: NodeJS.ProcessEnv): Notifier | null {
  const fd = Number(env[daemonVariable])
  if (!Number.isInteger(fd)) return null
  libc().closeOnExec(fd)
  const socket = new Socket({ fd, readable: false, writable: true })
  // The starter may be gone: then nobody waits.
  socket.on('error', () => {})
  socket.unref()
  const say = (word: DaemonWord): void => {
    if (socket.writable) socket.write(`${JSON.stringify(word)}\n`)
  }
  return {
    send: ({ READY, STATUS }) => {
      if (STATUS !== undefined) say({ type: 'status', status: String(STATUS) })
      if (READY !== undefined) {
        say({ type: 'ready' })
        socket.end()
      }
      return null
    },
    close: () => socket.end(),
  }
}
