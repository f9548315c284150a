import { atLeast } from '../settings/kinds/nginx-words.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { siteTable } from '../settings/site-table.ts'
import { listens } from './listens.ts'
import { frontView, zoneName } from './nginx-front-view.ts'
import { placesOf, socketPaths } from './places.ts'
import { nginxWord, plain, serverName, words } from './quote.ts'
import { serverTimes, span } from './server-config.ts'
import type { View } from './template.ts'

const httpsByDefault = siteTable.httpsPort.default

// The share of the time a leaving worker listens on idle connections that nginx keeps them: the rest is margin.
const keepShare = 0.6

/** How long nginx keeps an idle connection to a worker, in milliseconds. */
export const upstreamKeepAlive = Math.floor(serverTimes.drainIdle * keepShare)

/** How long nginx waits for a worker to say something, in milliseconds: a hung worker is replaced before. */
export const proxyReadTimeout = serverTimes.timeout + 30_000

/** What templates/etc/nginx/sites-available/site.conf.hbs is filled with. */
export function nginxView(answers: SiteAnswers): View {
  const places = placesOf(answers)
  return {
    name: plain(answers.name),
    id: plain(zoneName(answers)),
    serverNames: words(answers.domain.map(serverName)),
    maxBody: plain(siteTable.maxBody.kind.format(answers.maxBody)),
    statics: answers.static.map(({ prefix, directory }) => ({
      prefix: nginxWord(prefix),
      directory: nginxWord(`${directory}/`),
      compressedBefore: answers.gzipStatic,
    })),
    accessLog: nginxWord(places.accessLog),
    errorLog: nginxWord(places.nginxErrorLog),
    acmeDirectory: nginxWord(answers.acmeDirectory),
    defaultServer: answers.defaultServer,
    ...frontView(answers),
    ...listenView(answers),
    ...tlsView(answers),
    ...upstreamView(answers),
  }
}

function upstreamView(answers: SiteAnswers): View {
  return {
    sockets: socketPaths(answers).map((path) => ({ socket: nginxWord(`unix:${path}`) })),
    // A server of an upstream takes about 2 KiB of the zone.
    zoneSize: plain(`${Math.max(64, answers.workers * 4)}k`),
    keepAliveConnections: plain(Math.min(512, Math.max(16, answers.workers * 8))),
    upstreamKeepAlive: plain(span(upstreamKeepAlive)),
    serverKeepAlive: plain(span(serverTimes.keepAlive)),
    drainIdle: plain(span(serverTimes.drainIdle)),
    timeout: plain(span(serverTimes.timeout)),
    proxyReadTimeout: plain(span(proxyReadTimeout)),
  }
}

function listenView(answers: SiteAnswers): View {
  const tls = answers.tls !== 'off'
  // `http2 on` came with 1.25.1, which warns about the older spelling.
  const directive = atLeast(answers.nginxVersion, '1.25.1')
  const http = listens(answers.httpListen, answers.ipv6).map(plain)
  const https = listens(answers.httpsListen, answers.ipv6).map((address) => words([plain(address), plain('ssl')]))
  const http2 = directive ? https : https.map((address) => words([address, plain('http2')]))
  return {
    httpListens: http,
    tlsListens: https,
    siteListens: tls ? http2 : http,
    http2Directive: tls && directive,
    redirects: tls,
    rejectsTls: tls,
    httpsPortSuffix: plain(answers.httpsPort === httpsByDefault ? '' : `:${answers.httpsPort}`),
  }
}

function tlsView(answers: SiteAnswers): View {
  return {
    tls: answers.tls !== 'off',
    hsts: answers.hsts,
    certificate: nginxWord(answers.certificate),
    certificateKey: nginxWord(answers.certificateKey),
    canRejectHandshake: atLeast(answers.nginxVersion, '1.19.4'),
    ticketsOff: !atLeast(answers.nginxVersion, '1.23.2'),
  }
}
