import { socketPattern } from '../../bundle/places.ts'
import { slotPlaceholder } from '../../contract/listeners.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import type { DropIn } from './drop-ins.ts'
import { type Directive, findAll } from './nginx-tree.ts'
import type { ServerFacts } from './server-facts.ts'
import type { UnitFacts } from './unit-facts.ts'

/** Everything that has to fit together for one site, from wherever it was read: files, or what is loaded. */
export type Setup = {
  readonly answers: SiteAnswers
  /** The site's file with what it includes. */
  readonly site: readonly Directive[]
  readonly service: UnitFacts
  readonly socket: UnitFacts
  readonly server: ServerFacts
  /** The rules of logrotate; null without any. */
  readonly rotation: string | null
  /** A command that puts everything back as it was rendered. */
  readonly again: string
  readonly dropIns: readonly DropIn[]
  /** Empty for this host, or a staging directory. */
  readonly root: string
}

/** The `server` blocks that serve a name of the site, the encrypted ones when it has TLS. */
export function serversOf({ site, answers }: Setup): readonly Directive[] {
  const named = site.filter(
    ({ name, block }) =>
      name === 'server' &&
      findAll(block ?? [], 'server_name').some(({ words }) => words.some((word) => answers.domain.includes(word))),
  )
  return named.filter(({ block }) => findAll(block ?? [], 'proxy_pass').length > 0)
}

/** What stands in the site's own blocks, however deep. */
export function inServers(setup: Setup, name: string): readonly Directive[] {
  return serversOf(setup).flatMap(({ block }) => findAll(block ?? [], name))
}

/** The upstreams that the site hands requests to. */
export function upstreamsOf(setup: Setup): readonly Directive[] {
  const passed = inServers(setup, 'proxy_pass').map(({ words }) => words[0]?.replace(/^https?:\/\//, ''))
  return setup.site.filter(({ name, words }) => name === 'upstream' && passed.includes(words[0]))
}

/** The sockets that nginx sends requests to. */
export function upstreamSockets(setup: Setup): readonly string[] {
  const servers = upstreamsOf(setup).flatMap(({ block }) => findAll(block ?? [], 'server'))
  return servers.map(({ words }) => words[0]?.replace(/^unix:/, '') ?? '')
}

/** The sockets that the server is told to bind, one for each worker. */
export function boundSockets(setup: Setup): readonly string[] {
  const { server } = setup
  const patterns = server.value('bind').flatMap((address) => (address.kind === 'unix' ? [address.path] : []))
  const workers = server.value('workers')
  const count = typeof workers === 'number' ? workers : setup.answers.workers
  return patterns.flatMap((pattern) =>
    pattern.includes(slotPlaceholder)
      ? Array.from({ length: count }, (_, index) => pattern.replace(slotPlaceholder, String(index + 1)))
      : [pattern],
  )
}

/** Where the answers want the sockets. */
export function wantedPattern({ answers }: Setup): string {
  return socketPattern(answers)
}
