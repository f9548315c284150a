import { choice } from '../kinds/choice.ts'
import { duration } from '../kinds/duration.ts'
import { ipRanges } from '../kinds/ip-range.ts'
import { type SettingsTable, setting } from '../setting.ts'

const second = 1000
const day = 24 * 60 * 60 * second

/** How connections are kept and believed. */
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
    synonyms: ['trustProxy', 'trustedProxies', 'forwarded'],
    summary: 'the proxies whose X-Forwarded-* headers are believed',
    details: `Addresses, networks such as 10.0.0.0/8, or * for everyone; an empty text for none. Peers on a unix socket are always believed: its file mode decides who may connect.

X-Forwarded-For is read from the right: the first address that is no such proxy is the client, and what stands left of it is dropped. Without X-Forwarded-For, Forwarded (RFC 7239) is read in the same way. X-Forwarded-Proto, X-Forwarded-Protocol, X-Forwarded-Ssl and Forwarded must not contradict each other about the scheme: such a request is answered with 400. From anyone else all these headers are removed.

With *, every client can claim any address and https, so nobody but the proxy may be able to reach the port.`,
    takesEffect: 'reload',
  }),
  proxyProtocol: setting({
    section: 'Connections',
    kind: choice(['off', 'v1', 'v2', 'auto']),
    default: 'off',
    summary: 'take the client from the PROXY header that a TCP balancer puts before each connection',
    details: `For HAProxy (send-proxy, send-proxy-v2), the stream module of nginx (proxy_protocol on) and the balancers of clouds, which pass TCP on and cannot add X-Forwarded-For. With TLS the header comes before the handshake. v1 is the line of text, v2 the binary form, auto either of them.

The peers in proxyAllowFrom, and those on a unix socket, must send the header, at the begin of each connection: one without it, or with a wrong one, is closed with a line in the log. Everyone else is served as if this were off, so their own claims count for nothing.`,
    takesEffect: 'reload',
  }),
  earlyHints: setting({
    section: 'Connections',
    kind: choice(['direct', 'always']),
    default: 'direct',
    summary: 'whether early hints (103) go to clients that connect directly only, or through proxies too',
    details: `A proxy that does not know interim answers takes the first one for the whole answer, and its visitor waits for ever: nginx before 1.29 does. So what an application sends ahead of its answer (writeEarlyHints, writeProcessing) is left out where a request has come through a proxy; nothing else changes. always is for a proxy that passes them on: nginx from 1.29 with early_hints, HAProxy.`,
    takesEffect: 'reload',
  }),
  proxyAllowFrom: setting({
    section: 'Connections',
    kind: ipRanges,
    default: ['127.0.0.1', '::1'],
    synonyms: ['proxyAllowIps'],
    summary: 'the balancers that send a PROXY header',
    details: `Addresses, networks or * for everyone. Without effect where proxyProtocol is off. Whether a client that a balancer names may itself speak for others is decided by forwardedAllowIps.`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
