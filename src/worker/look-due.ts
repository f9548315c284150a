/**
 * Parts of the timeout after which a trace is taken, so that it is told before the master kills: the last one is where
 * the loop stands still, the one before is there in case a starved machine does not get through with another.
 */
const shares = [0.4, 0.7]

/** Whether it is time to look where an event loop stands that has been silent for so long, and was looked into so often. */
export function isLookDue(silence: number, timeout: number, looks: number): boolean {
  const share = shares[looks]
  return share !== undefined && timeout > 0 && silence > timeout * share
}
