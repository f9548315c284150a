import { setTimeout as pause } from 'node:timers/promises'

/**
 * Asks for a fact again and again until it is there.
 * Resolves with the fact, or with null when it did not come `within` milliseconds.
 */
export async function until<Fact>(
  ask: () => Promise<Fact | null> | Fact | null,
  options: { readonly within: number; readonly every?: number; readonly signal?: AbortSignal | undefined },
): Promise<Fact | null> {
  const deadline = performance.now() + options.within
  for (;;) {
    options.signal?.throwIfAborted()
    const fact = await ask()
    if (fact !== null) return fact
    if (performance.now() >= deadline) return null
    await pause(options.every ?? 20, undefined, options.signal === undefined ? {} : { signal: options.signal })
  }
}
