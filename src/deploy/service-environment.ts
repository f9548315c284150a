/** What a process manager passes on of its own environment; everything else has to be in the environment file. */
const passedOn = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ'] as const

export type ServiceEnvironment = {
  /** Our own environment. */
  readonly own: Readonly<Record<string, string | undefined>>
  /** The text of the site's environment file. */
  readonly file: string
  readonly given: Readonly<Record<string, string>>
}

/**
 * The environment the service has on its host: nothing of the shell we were started from gets into it,
 * so an application that needs a variable finds it in the environment file or fails here already.
 */
export function serviceEnvironment({ own, file, given }: ServiceEnvironment): Record<string, string> {
  const kept = passedOn.flatMap((name) => {
    const value = own[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), NODE_ENV: 'production', ...parseEnvironmentFile(file), ...given }
}

/** Reads NAME=value lines as systemd does (systemd.exec(5)): comments, quotes and backslashes. Other lines are ignored. */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  // A backslash at the end of a line joins it with the next one.
  for (const line of text.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
    const [, name, value = ''] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
    if (name !== undefined) found[name] = unquote(value.trim())
  }
  return found
}

function unquote(value: string): string {
  const single = /^'([^']*)'$/.exec(value)
  if (single !== null) return single[1] ?? ''
  const double = /^"((?:[^"\\]|\\.)*)"$/.exec(value)
  if (double !== null) return (double[1] ?? '').replace(/\\(["\\`$])/g, '$1')
  return value.replace(/\\(.)/g, '$1')
}
