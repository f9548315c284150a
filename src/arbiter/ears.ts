import { type MasterSignal, masterSignals } from '../contract/signals.ts'

/**
 * Hears every signal from the moment it is made, keeps those that come before anyone wants to know, and goes on hearing
 * them when nobody does any more: a signal without a listener would end the master with its files in place.
 */
export class Ears {
  readonly #kept: MasterSignal[] = []
  #tell: ((signal: MasterSignal) => void) | null = null

  constructor() {
    for (const signal of Object.keys(masterSignals) as MasterSignal[]) process.on(signal, () => this.#hear(signal))
  }

  /** Tells what was heard so far, in its order, and from then on each signal as it comes. */
  listen(tell: (signal: MasterSignal) => void): void {
    this.#tell = tell
    for (const signal of this.#kept.splice(0)) tell(signal)
  }

  #hear(signal: MasterSignal): void {
    if (this.#tell === null) this.#kept.push(signal)
    else this.#tell(signal)
  }
}
