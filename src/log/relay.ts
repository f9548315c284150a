import { callHook } from '../settings/call-hook.ts'
import { freezeDeep } from '../settings/freeze.ts'
import type { LogHook, LogRecord } from '../settings/hooks.ts'
import type { Tap, Write } from './logger.ts'

/** So many records may wait for the function, or for what it has begun; those beyond are counted. */
const mostWaiting = 1000
/** How long nothing more is said of a function that fails, in milliseconds. */
const silenceMs = 1000

/** Hands records to a function of the config file. Nothing it does reaches the log or the server. */
export class LogRelay implements Tap {
  /** Undefined until it is known whether there is one: what is logged meanwhile waits for it. */
  #act: LogHook | null | undefined
  #complain: Write = () => {}
  #queue: string[] = []
  #unsettled = 0
  #lost = 0
  #lastTold = Number.NEGATIVE_INFINITY
  #due: NodeJS.Immediate | undefined

  /** From now on this function gets the records; null for none. */
  use(act: LogHook | null, complain: Write): void {
    this.#act = act
    this.#complain = complain
    if (act === null) [this.#queue, this.#lost] = [[], 0]
    else if (this.#queue.length > 0) this.#wake()
  }

  take(json: string): void {
    if (this.#act === null) return
    if (this.#queue.length + this.#unsettled >= mostWaiting) {
      this.#lost += 1
      return
    }
    this.#queue.push(json)
    if (this.#act !== undefined) this.#wake()
  }

  flush(): void {
    clearImmediate(this.#due)
    this.#due = undefined
    if (this.#act === undefined) return
    for (const json of this.#queue.splice(0)) this.#hand(JSON.parse(json) as LogRecord)
    if (this.#lost === 0 || this.#unsettled >= mostWaiting) return
    const lost = this.#lost
    this.#lost = 0
    this.#complain({ event: 'logger.lost', lost }, `${lost} records were not handed to the logger: it is too slow`)
  }

  close(): void {
    this.flush()
    this.#act = null
  }

  #wake(): void {
    this.#due ??= setImmediate(() => this.flush())
    this.#due.unref()
  }

  #hand(record: LogRecord): void {
    const act = this.#act
    if (act === null || act === undefined || isAboutIt(record)) return
    this.#unsettled += 1
    const onTrouble = ({ problem, error }: { problem: string; error: unknown }): void => this.#tell(problem, error)
    void callHook(() => act(freezeDeep(record)), { onTrouble }).then(() => {
      this.#unsettled -= 1
    })
  }

  #tell(problem: string, err: unknown): void {
    const now = performance.now()
    if (now - this.#lastTold < silenceMs) return
    this.#lastTold = now
    this.#complain({ event: 'hook.failed', hook: 'logger', err }, `the hook logger ${problem}; the server goes on`)
  }
}

/** What tells of the function itself would have no end in it. */
function isAboutIt(record: LogRecord): boolean {
  return record.event === 'logger.lost' || (record.event === 'hook.failed' && record['hook'] === 'logger')
}
