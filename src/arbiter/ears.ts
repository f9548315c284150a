import { type MasterSignal, masterSignals } from '../contract/signals.ts'
import type { Event } from './events.ts'

export type Heard = Extract<Event, { type: 'signalled' | 'hungUp' }>

/**
 * Hears every signal from the moment it is made, keeps those that come before anyone wants to know, and goes on hearing
 * them when nobody does any more: a signal without a listener would end the master with its files in place.
 */
export class Ears {
  readonly #kept: Heard[] = []
  readonly #lostTerminal: () => boolean
  #tell: ((event: Heard) => void) | null = null

  /** `lostTerminal` tells whether the terminal that this was started on is gone: HUP is then the kernel's word of that. */
  constructor(lostTerminal: () => boolean) {
    this.#lostTerminal = lostTerminal
    for (const signal of Object.keys(masterSignals) as MasterSignal[]) process.on(signal, () => this.#hear(signal))
  }

  /** Tells what was heard so far, in its order, and from then on each signal as it comes. */
  listen(tell: (event: Heard) => void): void {
    this.#tell = tell
    for (const event of this.#kept.splice(0)) tell(event)
  }

  #hear(signal: MasterSignal): void {
    const isEnd = signal === 'SIGHUP' && this.#lostTerminal()
    const event: Heard = isEnd ? { type: 'hungUp' } : { type: 'signalled', signal }
    if (this.#tell === null) this.#kept.push(event)
    else this.#tell(event)
  }
}
