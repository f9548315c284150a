import { mostWorkers } from '../contract/most-workers.ts'
import { choice } from './kinds/choice.ts'
import { integerOr } from './kinds/integer.ts'
import { ipRanges } from './kinds/ip-range.ts'
import { size } from './kinds/size.ts'
import { staticDirectories } from './kinds/static-directory.ts'
import { onOff } from './kinds/switch.ts'
import { type SettingsTable, setting } from './setting.ts'

const mebibyte = 1024 ** 2

/** What nginx does besides handing requests over. */
export const siteFront = {
  static: setting({
    section: 'nginx',
    kind: staticDirectories,
    default: [],
    summary: 'files that nginx serves itself, URLPREFIX=DIR',
    takesEffect: 'restart',
  }),
  maxBody: setting({
    section: 'nginx',
    kind: size({ min: 1024, max: mostWorkers * 1024 * mebibyte }),
    default: 10 * mebibyte,
    summary: 'the largest request body',
    takesEffect: 'restart',
  }),
  defaultServer: setting({
    section: 'nginx',
    kind: onOff,
    default: false,
    summary: 'refuse requests for names that no site of this nginx knows; one site on a host may do that',
    takesEffect: 'restart',
  }),
  cdn: setting({
    section: 'nginx',
    kind: choice(['none', 'cloudflare', 'fastly']),
    default: 'none',
    summary: 'the network in front of this host; visitors have their own addresses again behind a named one',
    details:
      'Behind a content delivery network every visitor has an address of the network. From the published addresses of the named one nginx takes the real address; from anybody else such a claim is not believed.',
    takesEffect: 'restart',
  }),
  trustedProxies: setting({
    section: 'nginx',
    kind: ipRanges,
    default: [],
    summary: 'load balancers of your own in front of this host, whose X-Forwarded-For is believed',
    details:
      'Addresses and networks. The address of a visitor is then the last one in X-Forwarded-For that is none of them. With tls off, their X-Forwarded-Proto says whether a visitor came by https.',
    takesEffect: 'restart',
  }),
  rateLimit: setting({
    section: 'nginx',
    kind: integerOr('off', { min: 1, max: 100_000 }),
    default: 100,
    summary: 'requests a second that one client may send to the application; more are answered with 429',
    details:
      'Twice as many may come at once. A client is an IPv4 address or an IPv6 network of 64 bits; this host itself is not limited. Behind a load balancer or a network that cdn and trustedProxies do not name, all visitors are one client: name it, or say off.',
    takesEffect: 'restart',
  }),
  securityHeaders: setting({
    section: 'nginx',
    kind: onOff,
    default: true,
    summary: 'add X-Content-Type-Options, X-Frame-Options and Referrer-Policy where the application does not',
    takesEffect: 'restart',
  }),
  compression: setting({
    section: 'nginx',
    kind: onOff,
    default: true,
    summary: 'compress texts with gzip on their way to the visitor',
    details:
      'Where a page holds a secret beside what a stranger can make a visitor send, the length of compressed answers gives the secret away bit by bit (BREACH, CVE-2013-3587). Behind nginx, what another site has made a browser ask for is therefore answered uncompressed, except for a link that somebody follows; static files are compressed for everybody. Other proxies compress all texts: there, an application that does not mask its tokens says no.',
    takesEffect: 'restart',
  }),
  accessLogFormat: setting({
    section: 'Logging',
    kind: choice(['combined', 'json']),
    default: 'combined',
    summary: 'how nginx writes a request to its log: a line for people, or a JSON object',
    takesEffect: 'restart',
  }),
} as const satisfies SettingsTable
