/** Set by a supervisor for the master alone, or secrets of its own: no application sees them. */
const mastersOwn = /^(?:NOTIFY_SOCKET|WATCHDOG_(?:USEC|PID)|LISTEN_(?:FDS|PID|FDNAMES)|TSICORN_.*)$/

/** The environment of a worker: the master's, without what is the master's own, with the entries of `--env`. */
export function workerEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  entries: readonly string[],
): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !mastersOwn.test(name))
  return { ...Object.fromEntries(kept), ...Object.fromEntries(entries.map(split)) }
}

function split(entry: string): [string, string] {
  const at = entry.indexOf('=')
  return [entry.slice(0, at), entry.slice(at + 1)]
}
