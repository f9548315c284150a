import type { Logger } from '../log/logger.ts'
import { type ServerConfig, serverTable } from '../settings/server-table.ts'

/** Names the settings that were changed but that only a restart can bring into effect. */
export function warnOfRestartOnly(before: ServerConfig, after: ServerConfig, log: Logger): void {
  const names = (Object.keys(serverTable) as (keyof typeof serverTable)[]).filter(
    (name) =>
      serverTable[name].takesEffect === 'restart' && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
  if (names.length === 0) return
  log.warning(
    { event: 'reload.restart-needed', settings: names },
    `changed, but only a restart brings it into effect: ${names.join(', ')}`,
  )
}
