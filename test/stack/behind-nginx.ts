import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { fleetOf } from '../helpers/clients/accounts.ts'
import { oneOfEach } from '../helpers/drain-site.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { read } from './place-site.ts'
import { serveSite } from './serve-site.ts'

/** The site's own times, a fifth of them: nginx keeps idle connections for 0.6 of the time a leaving worker listens to them. */
const hurried = { drainIdle: '1', upstreamKeepAlive: '600ms' }

export type Event = (server: Server, answersSoFar: (more: number) => Promise<void>) => Promise<void>

/** Puts a server behind the generated site, has all kinds of clients use it, lets something happen, and tells what is wrong. */
export async function behindNginx(event: Event, { workers = 2, flags = [] as readonly string[], stops = false } = {}) {
  await using dir = await tempDir()
  const ledger = dir.join('ledger')
  await mkdir(ledger)
  const shorten = (text: string): string => {
    assert.match(text, /keepalive_timeout 3s;/)
    return text.replace('keepalive_timeout 3s;', `keepalive_timeout ${hurried.upstreamKeepAlive};`)
  }
  await using site = await serveSite({ tls: 'off', workers }, shorten)
  const bind = `unix:${site.answers.runtimeDirectory}/{slot}.sock`
  const args = ['-b', bind, '-w', String(workers), '--drain-idle', hurried.drainIdle, ...flags]
  await using server = await startServer({ app: 'ledger:server', env: { LEDGER: ledger }, flags: args })
  await using fleet = fleetOf(oneOfEach([{ port: site.httpPort }]), ledger)
  await fleet.progress(2)
  await event(server, fleet.progress)
  if (!stops) await fleet.progress(2)
  const wrong = await fleet.settle()
  const broken = read(`${site.answers.nginxLogDirectory}/${site.answers.name}.error.log`)
    .split('\n')
    .filter((line) => /prematurely closed|\(104:|\(32:/.test(line))
  const refused = fleet.tallies().filter((tally) => tally.refused > 0 !== stops)
  return [...wrong, ...broken, ...refused.map(({ kind, refused }) => `${kind} was refused ${refused} times`)]
}
