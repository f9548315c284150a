/** What has to be undone, in the order in which it was done. */
export type Cleanup = {
  readonly add: (undo: () => Promise<unknown>) => void
  /** Undoes all of it, last first. However often it is called, it happens once; a step that fails does not stop it. */
  readonly run: () => Promise<void>
}

/** Starts an empty list. */
export function createCleanup(): Cleanup {
  const steps: (() => Promise<unknown>)[] = []
  let running: Promise<void> | null = null
  const runAll = async () => {
    for (let undo = steps.pop(); undo !== undefined; undo = steps.pop()) await undo().catch(() => undefined)
  }
  return {
    add: (undo) => void steps.push(undo),
    run: () => {
      running ??= runAll()
      return running
    },
  }
}
