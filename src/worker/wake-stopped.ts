/**
 * A worker that somebody has stopped (SIGSTOP) cannot notice that the master is gone, and would hold the sockets for ever.
 * So whoever notices makes its process group go on: to whoever is not stopped that is nothing.
 */
export function wakeStopped(): void {
  try {
    process.kill(0, 'SIGCONT')
  } catch {
    // There may be somebody in the group whom we may not signal.
  }
}
