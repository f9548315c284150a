import type { ControlAnswer, ControlRequest } from '../contract/control.ts'
import type { Deed, Event } from './events.ts'

/** What can be seen without changing anything. */
export type Views = Readonly<Record<Exclude<ControlRequest, Deed>['command'], () => unknown>>

/** Requests of the control socket on their way: what only looks is answered at once, the rest when its turn has come. */
export class Enquiries {
  readonly #views: Views
  readonly #hear: (event: Event) => void
  readonly #waiting = new Map<number, (answer: ControlAnswer) => void>()
  #next = 1

  constructor(views: Views, hear: (event: Event) => void) {
    this.#views = views
    this.#hear = hear
  }

  ask(request: ControlRequest): ControlAnswer | Promise<ControlAnswer> {
    switch (request.command) {
      case 'status':
      case 'config':
      case 'stats':
      case 'listeners':
        return { ok: true, message: '', view: this.#views[request.command]() }
      default:
        return this.#wait(request)
    }
  }

  answer(id: number, answer: ControlAnswer): void {
    this.#waiting.get(id)?.(answer)
    this.#waiting.delete(id)
  }

  #wait(request: Deed): Promise<ControlAnswer> {
    return new Promise((resolve) => {
      const id = this.#next++
      this.#waiting.set(id, resolve)
      this.#hear({ type: 'asked', id, request })
    })
  }
}
