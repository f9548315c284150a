import type { SiteAnswers } from '../settings/site-table.ts'
import { siteTable } from '../settings/site-table.ts'
import { listens, partsOf } from './listens.ts'
import { zoneName } from './nginx-front-view.ts'
import { proxyReadTimeout } from './nginx-view.ts'
import { frontPlaces, placesOf, socketPaths } from './places.ts'
import { type Carried, haproxyWord, plain, words } from './quote.ts'
import { serverTimes, span } from './server-config.ts'
import type { View } from './template.ts'

/** Where certbot answers the authority while it asks, since HAProxy serves no files. */
export const authorityPort = 8402

// Of the rate, twice as many may come at once; HAProxy counts over two seconds.
const ratePeriod = 2

/** Where HAProxy logs to, and whom it becomes; null for staying who started it. */
export type HaproxySurroundings = { readonly log: string; readonly isAlone: boolean }

/** On a host HAProxy logs to the journal and gives up its rights. */
const onHost: HaproxySurroundings = { log: '/dev/log', isAlone: false }

/** What templates/etc/haproxy/haproxy.cfg.hbs is filled with. */
export function haproxyView(answers: SiteAnswers, { log, isAlone }: HaproxySurroundings = onHost): View {
  const rate = answers.rateLimit === 'off' ? 0 : answers.rateLimit
  const { pages } = frontPlaces(answers)
  return {
    name: plain(answers.name),
    id: plain(zoneName(answers)),
    logTarget: words(log.split(' ').map(plain)),
    hasAccount: !isAlone,
    user: plain(answers.nginxUser),
    group: plain(answers.nginxGroup),
    timeout: plain(span(serverTimes.timeout)),
    readTimeout: plain(span(proxyReadTimeout)),
    busyPage: haproxyWord(`${pages}/busy.html`),
    unavailablePage: haproxyWord(`${pages}/unavailable.html`),
    maxBody: plain(answers.maxBody),
    limitsRate: rate > 0,
    burst: plain(rate * ratePeriod),
    securityHeaders: answers.securityHeaders,
    hsts: answers.hsts,
    compression: answers.compression,
    asksAuthority: answers.tls === 'letsencrypt',
    authorityPort: plain(authorityPort),
    sockets: socketPaths(answers).map((path, index) => ({
      name: plain(`worker${index + 1}`),
      socket: haproxyWord(`unix@${path}`),
    })),
    ...addressView(answers),
  }
}

function addressView(answers: SiteAnswers): View {
  const tls = answers.tls !== 'off'
  const { domain, ipv6 } = answers
  const usual = answers.httpsPort === siteTable.httpsPort.default
  const http = listens(answers.httpListen, ipv6).map(bind)
  const https = listens(answers.httpsListen, ipv6).map((address) => words([bind(address), ...tlsWords(answers)]))
  const wildcards = domain.filter((name) => name.startsWith('*.'))
  const [main = 'localhost'] = domain
  return {
    redirects: tls,
    httpBinds: http,
    siteBinds: tls ? https : http,
    scheme: plain(tls ? 'https' : 'http'),
    httpsPortSuffix: plain(usual ? '' : `:${answers.httpsPort}`),
    refusesStrangers: answers.defaultServer,
    names: words(domain.filter((name) => !name.startsWith('*.')).map(plain)),
    hasNames: wildcards.length < domain.length,
    hasWildcards: wildcards.length > 0,
    wildcards: words(wildcards.map((name) => plain(name.slice(1)))),
    mainName: plain(main.replace(/^\*/, 'www')),
  }
}

function tlsWords(answers: SiteAnswers): readonly Carried[] {
  const certificate = [plain('ssl'), plain('crt'), haproxyWord(placesOf(answers).joinedCertificate)]
  const strict = answers.defaultServer ? [plain('strict-sni')] : []
  return [...certificate, ...['alpn', 'h2,http/1.1', 'curves', 'X25519:P-256:P-384'].map(plain), ...strict]
}

function bind(address: string): Carried {
  const { host, port } = partsOf(address)
  const at = plain(`${host === '0.0.0.0' ? '*' : host}:${port}`)
  return host === '[::]' ? words([at, plain('v6only')]) : at
}
