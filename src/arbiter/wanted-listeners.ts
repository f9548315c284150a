import { type Address, formatAddress, slotPlaceholder } from '../contract/listeners.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { resolveAddress } from '../system/resolve-address.ts'

/** A listener the config asks for. Its key tells it from others, and is the same as long as the config says the same. */
export type Wanted = { readonly key: string; readonly address: Address; readonly slot: number | null }

/** The listeners of `bind`: host names resolved, and one for each worker slot where the path asks for that. */
export async function wantedListeners(config: ServerConfig, workers: number): Promise<readonly Wanted[]> {
  const wanted: Wanted[] = []
  for (const address of config.bind) {
    if (address.kind === 'unix' && address.path.includes(slotPlaceholder)) {
      for (let slot = 1; slot <= workers; slot++) {
        const path = address.path.replaceAll(slotPlaceholder, String(slot))
        wanted.push({
          key: `unix:${path}`,
          address: { kind: 'unix', path },
          slot,
        })
      }
      continue
    }
    for (const resolved of await resolveAddress(address)) {
      wanted.push({ key: formatAddress(resolved), address: resolved, slot: null })
    }
  }
  return wanted
}
