import type { ControlAnswer, ControlRequest } from '../contract/control.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { inheritedListeners } from '../system/inherited.ts'
import { claimPidfile, type Pidfile } from '../system/pidfile.ts'
import { removeStalePidfile } from '../system/remove-stale-pidfile.ts'
import { ControlSocket } from './control.ts'
import type { Heir } from './heir.ts'
import { ListenerBook } from './listener-book.ts'
import type { Measures } from './measures.ts'
import { openMetrics } from './metrics-post.ts'

type Askable = { readonly ask: (request: ControlRequest) => ControlAnswer | Promise<ControlAnswer> }

/** What a master has under a name on the host: sockets, pid file, control socket. While two masters live, the new one waits for the names. */
export class Belongings {
  readonly book: ListenerBook
  readonly #config: ServerConfig
  readonly #isHeir: boolean
  #pidfile: Pidfile | null
  #control: ControlSocket | null = null
  #metrics: { readonly close: () => void } | null = null

  /** Throws Failure ALREADY_RUNNING, or BIND_REFUSED for sockets that were handed over wrongly. */
  constructor(config: ServerConfig, heir: Heir | null, env: Readonly<Record<string, string | undefined>>) {
    this.#config = config
    this.#isHeir = heir !== null
    this.book = new ListenerBook(
      heir ?? { listeners: [], supervised: false },
      heir === null ? inheritedListeners(env, process.pid) : [],
    )
    const path = heir === null ? config.pid : config.pid && heirsPath(config.pid)
    this.#pidfile = path === null ? null : claimPidfile(path, process.pid)
  }

  /** Throws Failure BIND_… when the control socket cannot be had. */
  openControl(master: Askable): void {
    const path = this.#config.controlSocket
    if (path !== null) this.#control = new ControlSocket(path, (request) => master.ask(request))
  }

  /** Throws Failure BIND_… when the address cannot be had. */
  async openMetrics(measures: Measures | null): Promise<void> {
    this.#metrics = await openMetrics(this.#config, measures)
  }

  /** The old master is gone: its names are ours. */
  inherit(master: Askable): void {
    const { pid } = this.#config
    if (pid !== null) this.#pidfile = this.#pidfile?.moveTo(pid) ?? null
    this.openControl(master)
  }

  /** A new master that was killed leaves its pid file; its sockets are ours. */
  tidyUp(successor: number): void {
    const { pid } = this.#config
    if (pid !== null) removeStalePidfile(heirsPath(pid), successor)
  }

  /** Closes what is still open. A loop that ran has closed the listeners by itself; before that, files of an old master stay. */
  release(): void {
    this.#control?.close()
    this.#metrics?.close()
    this.book.close({ unlink: !this.#isHeir })
    this.#pidfile?.release()
  }
}

/** The name of a new master's pid file, until the old one is gone. */
function heirsPath(path: string): string {
  return `${path}.2`
}
