import { writeSync } from 'node:fs'
import type { Debugger, Session } from 'node:inspector'
import { parentPort, workerData } from 'node:worker_threads'
import type { ToMaster } from '../contract/messages.ts'
import { deepestFrame, describeFrame } from './describe-frame.ts'
import { isLookDue } from './look-due.ts'
import { wakeStopped } from './wake-stopped.ts'

export type StallThreadData = {
  /** Grows as long as the main thread's event loop turns; zero until the worker serves. */
  readonly turns: Int32Array
  /** The silence after which the master kills the worker, in milliseconds; 0 is never. */
  readonly timeout: number
  readonly channelFd: number
  readonly parent: number
  readonly inFlightSymbol: string
}

type Scripts = ReadonlyMap<string, string>

const { turns, timeout, channelFd, parent, inFlightSymbol } = workerData as StallThreadData
/** How often the thread looks, in milliseconds. */
const [shortestPause, longestPause] = [20, 500] as const

let seen = -1
let since = performance.now()
let looks = 0
let isLooking = false
let orphanedFor = 0

setInterval(
  () => {
    dieWithTheMaster()
    const now = performance.now()
    const turned = Atomics.load(turns, 0)
    if (turned !== seen) {
      seen = turned
      since = now
      looks = 0
    } else if (turned > 0 && !isLooking && isLookDue(now - since, timeout, looks)) {
      looks += 1
      pause()
    }
  },
  timeout === 0 ? longestPause : Math.min(longestPause, Math.max(shortestPause, timeout / 10)),
)

parentPort?.postMessage('watching')

/** A main thread that stands still cannot notice that the master is gone (there is no other parent to come back to). */
function dieWithTheMaster(): void {
  if (process.ppid === parent) return
  orphanedFor += 1
  if (orphanedFor <= 2) return
  wakeStopped()
  process.kill(process.pid, 'SIGKILL')
}

/** A session is open only as long as the pause lasts: a process with an open one does not end. */
function pause(): void {
  isLooking = true
  const { Session } = process.getBuiltinModule('node:inspector')
  const session = new Session()
  const scripts = new Map<string, string>()
  session.connectToMainThread()
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url))
  session.on('Debugger.paused', ({ params }) => tell(session, scripts, params.callFrames))
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}

function tell(session: Session, scripts: Scripts, frames: readonly Debugger.CallFrame[]): void {
  const expression = `globalThis[Symbol.for(${JSON.stringify(inFlightSymbol)})]()`
  // In a frame of Node's own the globals may be others.
  const top = frames.find(({ location }) => scripts.get(location.scriptId)?.startsWith('file:')) ?? frames[0]
  const stack = frames.slice(0, deepestFrame).map((frame) => describeFrame(frame, scripts.get(frame.location.scriptId)))
  const finish = (requests: readonly string[]): void => {
    isLooking = false
    const message: ToMaster = { type: 'stalled', stack: stack, requests }
    try {
      writeSync(channelFd, `${JSON.stringify(message)}\n`)
    } catch {
      // The channel is full or gone: then there is nobody to tell.
    }
    session.post('Debugger.resume')
    session.disconnect()
  }
  if (top === undefined) return finish([])
  const question = { callFrameId: top.callFrameId, expression, returnByValue: true, silent: true }
  session.post('Debugger.evaluateOnCallFrame', question, (error, answer) => {
    const value: unknown = error === null ? (answer as Debugger.EvaluateOnCallFrameReturnType).result.value : []
    finish(Array.isArray(value) ? value.map(String) : [])
  })
}
