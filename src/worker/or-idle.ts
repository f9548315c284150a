/**
 * Settles as the promise does, or rejects when nothing is left in the process that could ever settle it.
 * What waits for the master must not keep the event loop alive meanwhile.
 */
export function orIdle<Value>(promise: Promise<Value>, failure: () => Error): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(failure())
    process.once('beforeExit', giveUp)
    void promise.then(resolve, reject).finally(() => process.off('beforeExit', giveUp))
  })
}
