import { closeSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * Node.js resets the terminals it was started with when it ends, and aborts where one of them has been closed meanwhile
 * (ResetStdio in node.cc; seen with 20.20). It leaves alone what we have closed before.
 */
export function outliveTerminals(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd))
  if (terminals.length === 0) return
  process.on('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) close(fd)
  })
}

function close(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    // It is closed already.
  }
}
