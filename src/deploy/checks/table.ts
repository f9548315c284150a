import type { Check } from '../check.ts'
import { answers, balanced, servedByNginx } from './application.ts'
import { address, forgedHeader } from './client.ts'
import { certificate, versions } from './encryption.ts'
import { http2, redirects, syntax } from './front.ts'
import { reload, stop } from './life.ts'
import { bodyLimit } from './limits.ts'
import { serverSentEvents, webSocket } from './streams.ts'

/** The checks of a running stack, in the order in which they are run and reported. They leave it running. */
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
