import type { SiteAnswers } from '../settings/site-table.ts'
import { siteTable } from '../settings/site-table.ts'
import type { CheckWrapper } from './check-wrapper.ts'
import { listens, partsOf } from './listens.ts'
import { zoneName } from './nginx-front-view.ts'
import { proxyReadTimeout, upstreamKeepAlive } from './nginx-view.ts'
import { frontPlaces, placesOf, socketPaths } from './places.ts'
import { apacheWord, type Carried, plain, words } from './quote.ts'
import { serverTimes, span } from './server-config.ts'
import type { View } from './template.ts'

/** The modules of Apache that the site needs. */
export const apacheModules = [
  ...[
    'alias',
    'deflate',
    'filter',
    'headers',
    'http2',
    'lbmethod_bybusyness',
    'lbmethod_byrequests',
    'proxy',
    'proxy_balancer',
    'proxy_http',
  ],
  ...['reqtimeout', 'rewrite', 'slotmem_shm', 'ssl', 'unique_id'],
]

/** What a Debian Apache has switched on already. */
const usualModules = ['mpm_event', 'authz_core', 'mime', 'dir', 'env', 'setenvif', 'socache_shmcb']

/** What templates/etc/apache2/sites-available/site.conf.hbs is filled with. */
export function apacheView(answers: SiteAnswers): View {
  const places = placesOf(answers)
  const seconds = (milliseconds: number) => plain(Math.floor(milliseconds / 1000))
  return {
    name: plain(answers.name),
    id: plain(zoneName(answers)),
    modules: words(apacheModules.map(plain)),
    accessLog: apacheWord(places.accessLog),
    errorLog: apacheWord(places.nginxErrorLog),
    acmeDirectory: apacheWord(`${answers.acmeDirectory}/.well-known/acme-challenge/`),
    sockets: socketPaths(answers).map((path, index) => ({
      timeout: plain(span(serverTimes.timeout)),
      drainIdle: plain(span(serverTimes.drainIdle)),
      member: apacheWord(`unix:${path}|http://worker${index + 1}.${answers.name}`),
      readSeconds: seconds(proxyReadTimeout),
      idleSeconds: seconds(upstreamKeepAlive),
    })),
    streamSockets: socketPaths(answers).map((path, index) => ({
      member: apacheWord(`unix:${path}|http://stream${index + 1}.${answers.name}`),
      idleSeconds: seconds(upstreamKeepAlive),
    })),
    certificate: apacheWord(answers.certificate),
    certificateKey: apacheWord(answers.certificateKey),
    maxBody: plain(answers.maxBody),
    securityHeaders: answers.securityHeaders,
    hsts: answers.hsts,
    compression: answers.compression,
    pages: apacheWord(`${frontPlaces(answers).pages}/`),
    statics: answers.static.map(({ prefix, directory }) => ({
      prefix: apacheWord(prefix),
      directory: apacheWord(`${directory}/`),
    })),
    staticPatterns: answers.static.map(({ prefix }) => apacheWord(`!^${prefix.replaceAll(/[.+()|*?]/g, '[$&]')}`)),
    ...addressView(answers),
  }
}

function addressView(answers: SiteAnswers): View {
  const tls = answers.tls !== 'off'
  const [main = 'localhost', ...others] = answers.domain
  const usual = answers.httpsPort === siteTable.httpsPort.default
  // Debian's ports.conf listens on these already, and twice is an error.
  const own = [answers.httpListen, ...(tls ? [answers.httpsListen] : [])].filter((one) => !['80', '443'].includes(one))
  return {
    tls,
    redirects: tls,
    scheme: plain(tls ? 'https' : 'http'),
    mainName: plain(main.replace(/^\*/, 'www')),
    hasAliases: main.startsWith('*') || others.length > 0,
    aliases: words([...(main.startsWith('*') ? [main] : []), ...others].map(plain)),
    httpsPortSuffix: plain(usual ? '' : `:${answers.httpsPort}`),
    ownListens: own.flatMap((address) => listens(address, answers.ipv6)).map(plain),
    httpAddresses: hostsOf(answers.httpListen, answers.ipv6),
    siteAddresses: hostsOf(tls ? answers.httpsListen : answers.httpListen, answers.ipv6),
  }
}

function hostsOf(address: string, ipv6: boolean): Carried {
  if (/^\d+$/.test(address)) return plain(`*:${address}`)
  return words(listens(address, ipv6).map((one) => plain(`${partsOf(one).host}:${partsOf(one).port}`)))
}

/** What templates/check/apache2.conf.hbs is filled with. */
export function apacheTrialView({ scratch, site }: CheckWrapper, pidFile: string): View {
  return {
    scratch: apacheWord(scratch),
    scratchPlain: plain(scratch),
    pid: apacheWord(`${scratch}/${pidFile}`),
    errorLog: apacheWord(`${scratch}/apache-error.log`),
    modules: [...usualModules, ...apacheModules].map(plain),
    site: apacheWord(site),
  }
}
