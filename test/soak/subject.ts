import net from 'node:net'
import type { ControlAnswer, ControlRequest, StatusView } from '../../src/contract/control.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { freePort } from '../helpers/free-port.ts'
import { type Ended, spawnGroup } from '../helpers/process-group.ts'
import { findApp, launcher } from '../helpers/repository.ts'
import { collectLog } from '../helpers/server-log.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** The server that is soaked. */
export type Subject = AsyncDisposable & {
  readonly pid: number
  readonly port: number
  readonly workers: number
  readonly dir: TempDir
  readonly logFile: string
  /** What was written past the log file: warnings of Node.js, for one. */
  readonly stray: readonly string[]
  readonly ask: (request: ControlRequest) => Promise<ControlAnswer>
  readonly status: () => Promise<StatusView>
  /** Waits until all workers serve, nobody boots or leaves, and no reload runs. */
  readonly settled: () => Promise<StatusView>
  readonly signal: (name: NodeJS.Signals) => void
  readonly ended: Promise<Ended>
}

/** Longer than a healthy worker waits for a processor on a machine that has much else to do. */
const silenceSeconds = 5

export async function startSubject(workers: number): Promise<Subject> {
  const dir = await tempDir()
  const port = await freePort()
  const [logFile, control] = [dir.join('log'), dir.join('control.sock')]
  const flags = [
    ...['-b', `127.0.0.1:${port}`, '-b', `unix:${dir.join('{slot}.sock')}`, '-w', String(workers)],
    ...['--reload-batch', '4', '--drain-idle', '1', '--graceful-timeout', '10', '--timeout', String(silenceSeconds)],
    ...['--max-requests', '250', '--max-requests-jitter', '150'],
    ...['--error-logfile', logFile, '--log-level', 'debug', '--control-socket', control],
  ]
  const options = { cwd: dir.path, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] as const }
  const { pid, child, ended, kill } = spawnGroup(process.execPath, [launcher, 'serve', ...flags, findApp('obedient')], {
    ...options,
    stdio: [...options.stdio],
  })
  const log = collectLog([child.stdout, child.stderr])
  const ask = (request: ControlRequest) => askOver(control, request)
  const status = async (): Promise<StatusView> => {
    const answer = await ask({ command: 'status' })
    if (!answer.ok) throw new Error(answer.message)
    return answer.view as StatusView
  }
  const subject = {
    ...{ pid, port, workers, dir, logFile, stray: log.lines, ask, status, ended },
    settled: () => settledOf(status, workers),
    signal: (name: NodeJS.Signals) => void process.kill(pid, name),
    [Symbol.asyncDispose]: async () => {
      await kill()
      await dir[Symbol.asyncDispose]()
    },
  }
  await subject.settled()
  return subject
}

function settledOf(status: () => Promise<StatusView>, workers: number): Promise<StatusView> {
  const isQuiet = (view: StatusView): boolean =>
    view.state === 'running' &&
    view.reload === 'idle' &&
    view.workers.length === workers &&
    view.workers.every(({ state }) => state === 'ready')
  return until(
    async () => {
      const view = await status()
      return isQuiet(view) ? view : null
    },
    { what: `${workers} workers that serve, and nobody else`, within: 60_000 },
  )
}

function askOver(path: string, request: ControlRequest): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path, () => socket.write(`${JSON.stringify(request)}\n`))
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (!text.includes('\n')) return
      socket.destroy()
      resolve(JSON.parse(text) as ControlAnswer)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the master ended the conversation')))
  })
}
