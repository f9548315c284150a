/** Node 22.14 and later leave SIGUSR1 alone when told to. */
const disable = '--disable-sigusr1'

/**
 * An address that no machine has (RFC 5737), at Node's own port: an inspector asked for by a signal cannot listen there.
 * Node wants it as a whole; one without a port would change nothing.
 */
const nowhere = '--inspect-port=192.0.2.1:9229'

export type Runtime = {
  /** The flags of Node this master was started with. */
  readonly execArgv: readonly string[]
  readonly nodeOptions: string | undefined
  /** The flags that this Node knows. */
  readonly known: ReadonlySet<string>
}

/**
 * The flags of Node for a worker: the master's, and what keeps a SIGUSR1 from opening the inspector in the first moments
 * of the process, before a line of JavaScript has run. Who asked for the inspector keeps it.
 */
export function workerFlags({ execArgv, nodeOptions = '', known }: Runtime): readonly string[] {
  const isWanted = [...execArgv, nodeOptions].some((text) => text.includes('--inspect'))
  if (isWanted) return execArgv
  return [...execArgv, known.has(disable) ? disable : nowhere]
}
