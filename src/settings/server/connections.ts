import { duration } from '../kinds/duration.ts'
import { ipRanges } from '../kinds/ip-range.ts'
import { optional } from '../kinds/optional.ts'
import { secretPath, urlPath } from '../kinds/url-path.ts'
import { type SettingsTable, setting } from '../setting.ts'

const second = 1000
const day = 24 * 60 * 60 * second

/** How connections are kept and believed, and how health is asked. */
export const connectionSettings = {
  keepAlive: setting({
    section: 'Connections',
    kind: duration({ min: second, max: day }),
    default: 75 * second,
    synonyms: ['keepAliveTimeout'],
    summary: 'how long a connection without a request is kept open',
    details: `Longer than the proxy keeps it (nginx: 60 seconds), so that the proxy is always the one to close: when both close at once, a request on its way is lost.`,
    takesEffect: 'reload',
  }),
  drainIdle: setting({
    section: 'Connections',
    kind: duration({ min: 0, max: day }),
    default: 5 * second,
    summary: 'how long a leaving worker still listens on connections without a request',
    details: `A proxy may send a request on a kept connection at the very moment the worker wishes to leave. Set this above the time the proxy keeps its connections to the workers (keepalive_timeout of the upstream in nginx) and below gracefulTimeout.`,
    takesEffect: 'reload',
  }),
  forwardedAllowIps: setting({
    section: 'Connections',
    kind: ipRanges,
    default: ['127.0.0.1', '::1'],
    environment: ['FORWARDED_ALLOW_IPS'],
    synonyms: ['trustProxy', 'trustedProxies', 'proxyAllowIps', 'forwarded'],
    summary: 'the proxies whose X-Forwarded-* headers are believed',
    details: `Addresses, networks such as 10.0.0.0/8, or * for everyone; an empty text for none. Peers on a unix socket are always believed: its file mode decides who may connect.

With *, every client can claim any address and https, so nobody but the proxy may be able to reach the port.`,
    takesEffect: 'reload',
  }),
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
} as const satisfies SettingsTable
