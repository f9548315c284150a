import type { Identity } from '../contract/identity.ts'
import type { StartOrder } from '../contract/messages.ts'
import { workerHookNames } from '../settings/hooks.ts'
import { hookSettings } from '../settings/server/hooks.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { lookupUser } from '../system/user.ts'

type Order = StartOrder<ServerConfig>

const noHooks = Object.fromEntries([...Object.keys(hookSettings), 'logger'].map((name) => [name, null]))

/**
 * The first order to a worker. Functions do not cross to it: it gets the text to evaluate them from, when it has any use
 * for that. Throws Failure when there is no such user to become.
 */
export function startOrder(rest: Omit<Order, 'type' | 'config' | 'identity' | 'hooks'>, config: ServerConfig): Order {
  const { script, provenance: _, ...settings } = config
  const names = [...workerHookNames, 'logger' as const].filter((name) => config[name] !== null)
  const hooks = script === undefined || names.length === 0 ? {} : { hooks: { ...script, names } }
  return { type: 'start', ...rest, config: { ...settings, ...noHooks }, identity: identityOf(config), ...hooks }
}

const identities = new WeakMap<ServerConfig, Identity | null>()

/** Asked once for each reading of the config: a user database on the network may be slow, or away when a worker is replaced. */
function identityOf(config: ServerConfig): Identity | null {
  const known = identities.get(config)
  if (known !== undefined) return known
  const identity = lookupUser(config.user, config.group)
  identities.set(config, identity)
  return identity
}
