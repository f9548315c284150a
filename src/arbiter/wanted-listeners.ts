import { type Address, formatAddress, slotPlaceholder } from '../contract/listeners.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { resolveAddress } from '../system/resolve-address.ts'

/** A listener the config asks for. Its key tells it from others, and is the same as long as the config says the same. */
export type Wanted = { readonly key: string; readonly address: Address; readonly slot: number | null }

/** The listeners of `bind`: host names resolved, and one for each worker slot where the path, or reusePort, asks for that. */
export async function wantedListeners(config: ServerConfig, workers: number): Promise<readonly Wanted[]> {
  const slots = Array.from({ length: workers }, (_, index) => index + 1)
  const wanted: Wanted[] = []
  for (const address of config.bind) {
    if (address.kind === 'unix' && address.path.includes(slotPlaceholder)) {
      wanted.push(...slots.map((slot) => perSlot(address.path, slot)))
      continue
    }
    for (const resolved of await resolveAddress(address)) {
      const key = formatAddress(resolved)
      if (resolved.kind !== 'tcp' || !config.reusePort) wanted.push({ key, address: resolved, slot: null })
      else wanted.push(...slots.map((slot) => ({ key: `${key} of worker ${slot}`, address: resolved, slot })))
    }
  }
  return wanted
}

function perSlot(pattern: string, slot: number): Wanted {
  const path = pattern.replaceAll(slotPlaceholder, String(slot))
  return { key: `unix:${path}`, address: { kind: 'unix', path }, slot }
}
