import type { Check } from '../check.ts'
import { answers, balanced, servedByNginx } from './application.ts'
import { address, forgedHeader } from './client.ts'
import { certificate, versions } from './encryption.ts'
import { http2, redirects, syntax } from './front.ts'
import { reload, stop } from './life.ts'
import { bodyLimit } from './limits.ts'
import { activeChecks } from './live/active.ts'
import { frontChecks } from './live/front.ts'
import { processChecks } from './live/processes.ts'
import { socketChecks } from './live/sockets.ts'
import { serverSentEvents, webSocket } from './streams.ts'

/** The checks of a running stack that a rehearsal has too, in the order in which they are run and reported. They leave it running. */
export const liveChecks: readonly Check[] = [
  syntax,
  redirects,
  http2,
  certificate,
  versions,
  answers,
  balanced,
  servedByNginx,
  address,
  forgedHeader,
  webSocket,
  serverSentEvents,
  bodyLimit,
  reload,
]

/** The check that ends the stack it checks. */
export const stopCheck: Check = stop

/** The checks of an installed site as it runs: what a rehearsal checks, and what only a host has. */
export const installedChecks: readonly Check[] = [
  ...[...processChecks, ...socketChecks],
  ...liveChecks.map(onceActive),
  ...[...frontChecks, ...activeChecks],
]

// A rehearsal is up, or it does not get so far; a service may be down.
function onceActive(check: Check): Check {
  return check === answers ? { ...check, needs: [...check.needs, 'service.active'] } : check
}
