import { existsSync, readFileSync } from 'node:fs'
import { placesOf } from '../../../bundle/places.ts'
import { ask } from '../../client.ts'
import { listeningPrograms } from '../../inspect/listening.ts'
import type { CheckTarget } from '../../target.ts'
import { hostOf } from './base.ts'

/** What Node takes where no port is given, and the ports after it that tools give to several processes. */
const usual = { first: 9229, last: 9260 }

/** The port on which each of these processes can be debugged, by pid. A debugger may have been given any port. */
export async function debuggerPorts(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>()
  for (const { pid, port } of await listeningPrograms()) {
    if (pid === null || !pids.includes(pid)) continue
    if ((port >= usual.first && port <= usual.last) || (await answersAsDebugger(port))) found.set(pid, port)
  }
  return found
}

/** The inspector of Node tells everybody what it is (`/json/version`, of the Chrome DevTools Protocol). */
async function answersAsDebugger(port: number): Promise<boolean> {
  const endpoint = { host: '127.0.0.1', port, encrypted: false, name: '127.0.0.1' }
  const answer = await ask(endpoint, { path: '/json/version', within: 2000 }).catch(() => null)
  return answer?.body.includes('"Protocol-Version"') === true
}

/**
 * The command that ends debuggers, and keeps them from coming back with the next start. Master and workers have names in the
 * place of their command lines, so the unit and the environment file are looked at.
 */
export async function closingDebuggers(target: CheckTarget): Promise<string | null> {
  const { answers, systemd } = hostOf(target)
  const unit = await systemd?.unit(`${answers.name}.service`)
  const inUnit = ['ExecStart', 'Environment'].some((key) => unit?.all(key).join(' ').includes('--inspect') === true)
  if (inUnit) return target.renderAgain
  const { envFile } = placesOf(answers)
  const inFile = existsSync(envFile) && readFileSync(envFile, 'utf8').includes('--inspect')
  return `${inFile ? `sed -i -E 's/--inspect[^ "]*//' ${envFile} && ` : ''}systemctl restart ${answers.name}`
}
