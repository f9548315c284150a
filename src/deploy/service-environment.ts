/** What a service manager passes on of its own environment. */
const passedOn = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ'] as const

export type ServiceEnvironment = {
  /** Our own environment. */
  readonly own: Readonly<Record<string, string | undefined>>
  readonly given: Readonly<Record<string, string>>
}

/**
 * The environment the service has on its host: nothing of the shell we were started from gets into it,
 * so an application that needs a variable finds it in the site's environment file or fails here already.
 */
export function serviceEnvironment({ own, given }: ServiceEnvironment): Record<string, string> {
  const kept = passedOn.flatMap((name) => {
    const value = own[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), NODE_ENV: 'production', ...given }
}
