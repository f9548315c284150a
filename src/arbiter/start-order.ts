import type { StartOrder } from '../contract/messages.ts'
import { type WorkerHookName, workerHookNames } from '../settings/hooks.ts'
import { hookSettings } from '../settings/server/hooks.ts'
import type { ServerConfig } from '../settings/server-table.ts'

type Order = StartOrder<ServerConfig>

const noHooks = Object.fromEntries(Object.keys(hookSettings).map((name) => [name, null]))

/** The first order to a worker. Functions do not cross to it: it gets the text to evaluate them from, when it has any use for that. */
export function startOrder(rest: Omit<Order, 'type' | 'config' | 'hooks'>, config: ServerConfig): Order {
  const { script, ...settings } = config
  const names = workerHookNames.filter((name: WorkerHookName) => config[name] !== null)
  const hooks = script === undefined || names.length === 0 ? {} : { hooks: { ...script, names } }
  return { type: 'start', ...rest, config: { ...settings, ...noHooks }, ...hooks }
}
