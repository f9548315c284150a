import { socketPaths } from '../../bundle/places.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { ask, type Endpoint, urlOf } from '../client.ts'
import { until } from '../until.ts'
import type { Run } from './run-command.ts'

// nginx answers from its new workers a moment after `reload` has returned.
const patience = 10_000

/** Asks a site through nginx until it answers as a running application does. Throws with the last answer otherwise. */
export async function askSite(answers: SiteAnswers, run: Run, signal: AbortSignal): Promise<void> {
  for (const unit of [`${answers.name}.socket`, `${answers.name}.service`]) {
    const { stdout } = await run(['systemctl', 'is-active', unit], signal)
    if (stdout.trim() !== 'active') throw new Error(`${unit} should be active and is ${stdout.trim() || 'not known'}`)
  }
  const door = doorOf(answers)
  const path = answers.healthPath ?? '/'
  let last = 'no answer'
  const good = await until(
    async () => {
      last = await answerOf(door, path, signal)
      return isGood(last, answers.healthPath !== null) ? true : null
    },
    { within: patience, every: 100, signal },
  )
  const sockets = socketPaths(answers).join(', ')
  if (good === null)
    throw new Error(`${urlOf(door, path)} should answer through nginx, got ${last} (workers at ${sockets})`)
}

async function answerOf(door: Endpoint, path: string, signal: AbortSignal): Promise<string> {
  try {
    return String((await ask(door, { path, within: 5000, signal })).status)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Without a health path any answer of the application itself will do: what nginx says for it is 502, 503 or 504. */
function isGood(answer: string, isHealth: boolean): boolean {
  if (!/^\d+$/.test(answer)) return false
  return isHealth ? Number(answer) < 400 : !['502', '503', '504'].includes(answer)
}

/** Where nginx listens for a site, as seen from this host. */
export function doorOf({ tls, httpListen, httpsListen, domain }: SiteAnswers): Endpoint {
  const encrypted = tls !== 'off'
  const listen = encrypted ? httpsListen : httpListen
  const [, host = '', port = ''] = /^(?:(.+):)?(\d+)$/.exec(listen) ?? []
  const [first = 'localhost'] = domain
  return {
    host: host === '' || host === '*' || host === '0.0.0.0' ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port),
    encrypted,
    // Any name that a wildcard covers is served by it.
    name: first.replace(/^\*/, 'www'),
  }
}
