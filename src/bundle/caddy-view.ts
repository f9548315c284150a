import type { SiteAnswers } from '../settings/site-table.ts'
import { siteTable } from '../settings/site-table.ts'
import type { CheckWrapper } from './check-wrapper.ts'
import { listens, partsOf } from './listens.ts'
import { proxyReadTimeout, upstreamKeepAlive } from './nginx-view.ts'
import { frontPlaces, placesOf, socketPaths } from './places.ts'
import { type Carried, caddyWord, plain, words } from './quote.ts'
import { serverTimes, span } from './server-config.ts'
import type { View } from './template.ts'

/** What templates/etc/caddy/sites/site.caddyfile.hbs is filled with. */
export function caddyView(answers: SiteAnswers): View {
  const { email } = answers
  return {
    name: plain(answers.name),
    accessLog: caddyWord(placesOf(answers).accessLog),
    asksAuthority: answers.tls === 'letsencrypt' && email !== null,
    email: plain(email ?? ''),
    ownCertificate: answers.tls === 'files' || answers.tls === 'self-signed',
    certificate: caddyWord(answers.certificate),
    certificateKey: caddyWord(answers.certificateKey),
    maxBody: plain(answers.maxBody),
    compression: answers.compression,
    securityHeaders: answers.securityHeaders,
    hsts: answers.hsts,
    statics: answers.static.map(({ prefix, directory }) => ({
      prefix: caddyWord(`${prefix}*`),
      directory: caddyWord(directory),
    })),
    sockets: words(socketPaths(answers).map((path) => caddyWord(`unix/${path}`))),
    timeout: plain(span(serverTimes.timeout)),
    readTimeout: plain(span(proxyReadTimeout)),
    drainIdle: plain(span(serverTimes.drainIdle)),
    upstreamKeepAlive: plain(span(upstreamKeepAlive)),
    pages: caddyWord(frontPlaces(answers).pages),
    ...addressView(answers),
  }
}

function addressView(answers: SiteAnswers): View {
  const tls = answers.tls !== 'off'
  const [http, https] = [answers.httpListen, answers.httpsListen]
  const usual = answers.httpsPort === siteTable.httpsPort.default
  const own = tls ? https : http
  return {
    redirects: tls,
    httpNames: namesOf(answers, 'http', http),
    bindsHttp: bindsOf(http, answers.ipv6).length > 0,
    httpBinds: words(bindsOf(http, answers.ipv6)),
    httpsPortSuffix: plain(usual ? '' : `:${answers.httpsPort}`),
    siteNames: namesOf(answers, tls ? 'https' : 'http', own),
    binds: bindsOf(own, answers.ipv6).length > 0,
    siteBinds: words(bindsOf(own, answers.ipv6)),
    port: plain(partsOf(own).port),
  }
}

function namesOf({ domain }: SiteAnswers, scheme: string, address: string): Carried {
  const names = domain.map((name) => `${scheme}://${name}:${partsOf(address).port}`)
  return words(names.map((name, index) => plain(index < names.length - 1 ? `${name},` : name)))
}

// Without an address Caddy listens on all of both families.
function bindsOf(address: string, ipv6: boolean): readonly Carried[] {
  if (/^\d+$/.test(address) && ipv6) return []
  return listens(address, ipv6).map((one) => plain(partsOf(one).host))
}

/** What templates/check/Caddyfile.hbs is filled with. */
export function caddyTrialView({ scratch, site }: CheckWrapper): View {
  return { scratch: caddyWord(scratch), site: caddyWord(site) }
}
