import type { Kind } from '../setting.ts'
import { applicationSpec } from './names.ts'
import { text } from './text.ts'

// The name becomes a user, a directory in /etc, /run and /var/lib, and a unit: these are taken on every host.
const taken =
  /^(?:root|all|daemon|bin|sys|adm|nobody|nogroup|mail|www-data|nginx|ssh|sshd|ssl|dbus|cron|default|local|multi-user|network|user|init|lock|systemd(?:-.*)?)$/

/** The name of a site: short enough for a user name, plain enough for a unit, a path and an nginx zone. */
export const siteName: Kind<string> = text({
  placeholder: 'NAME',
  expects: 'a name of 1 to 31 lower-case letters, digits and single hyphens that begins with a letter',
  problem: (value) => {
    if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(value) || value.length > 31) return 'not of that shape'
    // /var/lib/tsicorn and /etc/nginx/tsicorn are shared by all sites.
    if (value === 'tsicorn') return 'tsicorn keeps what it knows of all sites under that name'
    return taken.test(value) ? 'the system uses that name itself' : null
  },
})

/** The account a service runs as, or a group. Never the superuser. */
export function serviceAccount(what: 'user' | 'group'): Kind<string> {
  return text({
    placeholder: what.toUpperCase(),
    expects: `a ${what} name of 1 to 31 lower-case letters, digits, _ and -, not root`,
    problem: (value) => {
      if (/^\d+$/.test(value)) return `write the name, not the number, so that the files can be read`
      if (!/^[a-z_][a-z0-9_-]{0,30}$/.test(value)) return `not a legal ${what} name`
      if (value === 'root') return 'an application that serves the world does not run as the superuser'
      return value === 'nobody' || value === 'nogroup' ? 'shared by unrelated programs' : null
    },
  })
}

/** Where an application is found, in words the runbook can hold as well. */
export const siteApplication: Kind<string> = text({
  placeholder: applicationSpec.placeholder,
  expects: applicationSpec.expects,
  problem: (value) => {
    if (value.includes('`')) return '"`" is not allowed in it'
    const reading = applicationSpec.parse(value)
    return reading.ok ? null : reading.problem
  },
})
