/** Signals by which an application may be made to end itself under plain node. Here the master decides when. */
const held = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR2', 'SIGTTIN', 'SIGTTOU'] as const

export type HeldSignal = (typeof held)[number]

export type HeldSignals = {
  /**
   * Runs what the application would do on a signal to stop: close its pools, then exit. False when it has nothing to do.
   */
  readonly letGo: () => boolean
}

type Listener = (signal: string, code: number) => void

/**
 * Keeps signals from the application's own listeners: one of theirs ends the process while requests are in flight.
 * Ctrl-C in a terminal goes to every process of the group, so workers get an INT of their own beside the master's.
 * To be called before anyone listens to a signal, because Node keeps the `emit` it finds then.
 */
export function holdSignals(react: (signal: HeldSignal) => void): HeldSignals {
  const names: ReadonlySet<unknown> = new Set(held)
  const { emit } = process
  const stay: Listener = () => {}
  process.emit = ((event: unknown, ...given: unknown[]) => {
    if (!names.has(event)) return Reflect.apply(emit, process, [event, ...given])
    react(event as HeldSignal)
    return true
  }) as typeof process.emit
  for (const name of held) process.on(name, stay)
  // Without any listener a signal is no longer caught: TERM would end the process at once, USR1 open the inspector.
  process.on('removeListener', (name: unknown) => {
    const matters = names.has(name) || name === 'SIGUSR1'
    if (matters && process.listenerCount(name as HeldSignal) === 0) process.on(name as HeldSignal, stay)
  })
  const listenersOf = (name: HeldSignal): readonly Listener[] =>
    (process.rawListeners(name) as Listener[]).filter((listener) => listener !== stay)
  return {
    letGo: () => {
      const name = listenersOf('SIGTERM').length > 0 ? 'SIGTERM' : 'SIGINT'
      const listeners = listenersOf(name)
      for (const listener of listeners) Reflect.apply(listener, process, [name, 15])
      return listeners.length > 0
    },
  }
}
