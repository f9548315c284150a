import type { Debugger, NodeWorker } from 'node:inspector'
import { deepestFrame, describeFrame } from '../describe-frame.ts'
import { inFlightSymbol } from '../stall-watch.ts'

export type Trace = { readonly stack: readonly string[]; readonly requests: readonly string[] }

/** What comes back from the thread: an event of its debugger, or the answer to a question. */
type Reply = {
  readonly method?: string
  readonly id?: number
  readonly params?: {
    readonly callFrames?: readonly Debugger.CallFrame[]
    readonly scriptId?: string
    readonly url?: string
  }
  readonly result?: { readonly result?: { readonly value?: unknown } }
}

const question = 3

/**
 * Pauses a thread whose event loop stands still and reads where it is and what it was serving, through the inspector's
 * protocol, without a port. The session is open only as long as that takes.
 */
export function traceThread(threadId: number, told: (trace: Trace) => void): void {
  const { Session } = process.getBuiltinModule('node:inspector')
  const session = new Session()
  const scripts = new Map<string | undefined, string | undefined>()
  let stack: readonly string[] = []
  session.connect()
  const ask = (to: string, id: number, method: string, params: object = {}): void =>
    session.post('NodeWorker.sendMessageToWorker', { sessionId: to, message: JSON.stringify({ id, method, params }) })
  const finish = (to: string, requests: unknown): void => {
    ask(to, question + 1, 'Debugger.resume')
    // To detach ends the pause in any case.
    session.post('NodeWorker.disable', () => session.disconnect())
    told({ stack, requests: Array.isArray(requests) ? requests.map(String) : [] })
  }
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
    if (!workerInfo.title.startsWith(`[worker ${threadId}]`)) return
    ask(sessionId, 1, 'Debugger.enable')
    ask(sessionId, 2, 'Debugger.pause')
  })
  session.on('NodeWorker.receivedMessageFromWorker', ({ params: { sessionId, message } }: Received) => {
    const { method, id, params, result } = JSON.parse(message) as Reply
    if (id === question) return finish(sessionId, result?.result?.value)
    if (method === 'Debugger.scriptParsed') scripts.set(params?.scriptId, params?.url)
    if (method !== 'Debugger.paused') return
    const frames = params?.callFrames ?? []
    stack = frames.slice(0, deepestFrame).map((frame) => describeFrame(frame, scripts.get(frame.location.scriptId)))
    const expression = `globalThis[Symbol.for(${JSON.stringify(inFlightSymbol)})]()`
    // In a frame of Node's own the globals may be others.
    const top = frames.find(({ location }) => scripts.get(location.scriptId)?.startsWith('file:')) ?? frames[0]
    ask(sessionId, question, 'Debugger.evaluateOnCallFrame', {
      callFrameId: top?.callFrameId,
      expression,
      returnByValue: true,
    })
  })
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
}

type Received = { readonly params: NodeWorker.ReceivedMessageFromWorkerEventDataType }
