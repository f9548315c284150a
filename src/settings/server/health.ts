import { duration } from '../kinds/duration.ts'
import { optional } from '../kinds/optional.ts'
import { onOff } from '../kinds/switch.ts'
import { ownPath, secretPath, urlPath } from '../kinds/url-path.ts'
import { type SettingsTable, setting } from '../setting.ts'

const hour = 60 * 60 * 1000

/** How the server asks the application whether it is well, and tells others. */
export const healthSettings = {
  healthPath: setting({
    section: 'Health',
    kind: optional(urlPath),
    default: null,
    synonyms: ['healthCheck', 'healthcheckPath', 'health', 'readinessPath'],
    summary: 'a route of the application that must answer before a worker gets requests',
    details: `The new worker asks itself, without a network connection. Any answer from 200 to 399 is healthy. A reload whose new workers are not healthy leaves the old ones serving.`,
    takesEffect: 'reload',
  }),
  probePath: setting({
    section: 'Health',
    kind: optional(secretPath),
    default: null,
    secret: true,
    summary: 'a secret path below which the server itself answers the checks of rehearse',
    details: `Set by tsicorn rehearse to a random path, for as long as it runs. Whoever knows the path can see headers and addresses of their own requests as the application would, and nothing else.`,
    takesEffect: 'reload',
  }),
  statusPath: setting({
    section: 'Health',
    kind: optional(ownPath),
    default: null,
    synonyms: ['livenessPath', 'livePath', 'statusUrl'],
    summary: 'a path that the server itself answers, for load balancers and orchestrators',
    details: `Off unless set, since the application never sees a request for this path. GET and HEAD at PATH, or PATH/ready, are answered with 200 and {"status":"ready"}, and with 503 and {"status":"draining"} once the server is told to stop: from then on balancers should send nothing more (see drainDelay). PATH/live is answered with 200 as long as the process answers at all, also while it drains: an orchestrator that asks whether to kill it should ask there.

The worker that has taken the connection answers, on every address, whatever its class, over HTTP/2 too. A worker that leaves because it is replaced says ready: the server is. A request for the status has no line in the access log, is in no metrics and does not count for maxRequests. Paths are compared exactly and without the query; the route of healthPath may not be one of them.`,
    takesEffect: 'reload',
  }),
  statusChecksHealth: setting({
    section: 'Health',
    kind: onOff,
    default: false,
    summary: 'say ready at the status path only when the health path of the application answers',
    details: `The worker asks the application itself, as before it takes traffic, at most once a second however many ask for the status. An answer from 200 to 399 within five seconds is healthy; else the status is 503 and {"status":"unhealthy"}. PATH/live is not touched by it. The question is a request like others to the application and to the access log, with the user agent tsicorn-health.`,
    takesEffect: 'reload',
  }),
  drainDelay: setting({
    section: 'Health',
    kind: duration({ min: 0, max: hour }),
    default: 0,
    synonyms: ['stopDelay', 'shutdownDelay', 'preStop'],
    summary: 'how long a server that is to stop still takes connections while its status is 503',
    details: `For balancers that ask the status path and need a while to notice: their interval, times the failures they wait for. Only then are the sockets closed and the requests in flight finished, within gracefulTimeout. Holds for a graceful stop (TERM, tsicorn ctl shutdown); INT, QUIT and a second TERM do not wait, and a reload has no need to. The stop timeout of the service manager must be longer than both together.`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
