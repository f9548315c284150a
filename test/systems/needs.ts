import { existsSync } from 'node:fs'
import { findProgram } from '../stack/needs.ts'

/** Programs that build and boot machines, and the Debian package each is in. */
const packages = {
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  nsenter: 'util-linux',
  curl: 'curl',
  openssl: 'openssl',
} as const

/** The name of the machine of Vagrant's in which the tests are to run; in containers of their own otherwise. */
export const vagrantMachine = process.env['TSICORN_TEST_MACHINE']

/** Set by `npm run test:fronts`: all pairs of a proxy and a supervisor, and the nginx that the next Debian will have. */
export const allFronts = process.env['TSICORN_TEST_ALL_FRONTS'] === '1'

/** For the `skip` of a test: false where machines of that release can be booted, else why not. */
export function needs(suite: string): false | string {
  if (vagrantMachine !== undefined) return suite === vagrantMachine ? false : `the machine is ${vagrantMachine}`
  if (process.getuid?.() !== 0) return 'only root can boot machines'
  if (!existsSync('/etc/apt/sources.list.d/debian.sources'))
    return 'machines are built from the package sources of Debian'
  const missing = Object.entries(packages).filter(([program]) => findProgram(program) === null)
  if (missing.length === 0) return false
  const [programs, names] = [0, 1].map((part) => missing.map((entry) => entry[part]).join(' '))
  return `not installed: ${programs} (Debian packages: ${names})`
}
