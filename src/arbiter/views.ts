import type { ConfigView, ListenerView } from '../contract/control.ts'
import { describeOrigin } from '../settings/resolve.ts'
import { type ServerConfig, serverTable } from '../settings/server-table.ts'
import type { SettingsTable } from '../settings/setting.ts'
import { showSetting } from '../settings/show-setting.ts'
import { readProc } from '../system/proc.ts'
import { queueLength } from '../system/queue-length.ts'
import type { Account } from './account.ts'
import type { Views } from './enquiries.ts'
import type { ListenerBook } from './listener-book.ts'
import type { State } from './state.ts'
import { type Asked, statsOf, statusOf } from './view.ts'
import type { World } from './world.ts'

/** What changes while the master lives. */
type Present = { readonly state: State; readonly config: ServerConfig; readonly account: Account }

/** What the control socket shows, as of the moment it is asked. */
export function viewsOf(world: Pick<World, 'version' | 'startedAt' | 'book'>, present: () => Present): Views {
  const { version, startedAt, book } = world
  let last: Asked = { at: startedAt, requests: 0 }
  const seen = () => ({ ...present(), now: performance.now(), version, startedAt, book })
  return {
    status: () => statusOf(seen()),
    config: () => configOf(present().config),
    listeners: () => listenersOf(book, present().config),
    stats: () => {
      const now = seen()
      const view = statsOf(now, last)
      last = { at: now.now, requests: now.account.requests }
      return view
    },
  }
}

function configOf(config: ServerConfig): ConfigView {
  const table: SettingsTable = serverTable
  const rows = Object.entries(table).filter(([, row]) => row.only !== 'flag')
  return Object.fromEntries(
    rows.map(([name, row]) => {
      const origin = config.provenance?.[name] ?? { layer: 'default' as const, label: 'default', from: name }
      const value = showSetting(row, config[name as keyof typeof serverTable])
      return [name, { value, layer: origin.layer, from: describeOrigin(origin) }]
    }),
  )
}

/** A worker's listen call gives a socket the backlog of the settings, whoever made it; the kernel caps it (listen(2)). */
function listenersOf(book: ListenerBook, { backlog }: ServerConfig): readonly ListenerView[] {
  const most = Number(readProc('sys/net/core/somaxconn') ?? Number.POSITIVE_INFINITY)
  return book.queues.map(({ label, fd, slot }) => ({
    ...{ address: label, slot, backlog: Math.min(backlog, most), queue: queueLength(fd) },
  }))
}
