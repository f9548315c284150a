import type { ControlAnswer, ControlRequest, StatusView } from '../contract/control.ts'
import { type ServerConfig, serverTable } from '../settings/server-table.ts'
import type { SettingsTable } from '../settings/setting.ts'
import type { Deed, Event } from './events.ts'

/** What can be seen without changing anything. */
export type Views = {
  readonly status: () => StatusView
  readonly config: () => ServerConfig
  readonly listeners: () => readonly string[]
}

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
        return { ok: true, message: '', view: this.#views.status() }
      case 'config':
        return { ok: true, message: '', view: describe(this.#views.config()) }
      case 'listeners':
        return { ok: true, message: '', view: this.#views.listeners() }
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

/** The settings as they would be typed, without secrets. */
function describe(config: ServerConfig): Readonly<Record<string, string>> {
  const table: SettingsTable = serverTable
  const open = Object.entries(table).filter(([, row]) => row.secret !== true)
  return Object.fromEntries(open.map(([name, { kind }]) => [name, kind.format(config[name as keyof ServerConfig])]))
}
