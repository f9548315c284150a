/** The longest that is waited, in milliseconds: nobody may be reading. */
const limit = 250

/**
 * Resolves when the system has all that was written to standard output and error; null when it has already. What does
 * not fit into a socket, such as systemd's journal has, waits in the process, and what a thread prints goes through the
 * main thread: process.exit() would lose both.
 */
export function printed(): Promise<void> | null {
  const pending = [process.stdout, process.stderr].filter(({ writableLength }) => writableLength > 0)
  if (pending.length === 0) return null
  const late = new Promise<void>((resolve) => setTimeout(resolve, limit))
  return Promise.race([late, Promise.all(pending.map(end)).then(() => {})])
}

function end(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.once('error', () => resolve()).write('', () => resolve()))
}
