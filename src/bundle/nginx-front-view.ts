import { atLeast } from '../settings/kinds/nginx-words.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { forerunnerOf } from './cdn-networks.ts'
import { frontPlaces } from './places.ts'
import { type Carried, nginxText, nginxVariable, nginxWord, plain } from './quote.ts'
import type { View } from './template.ts'

/** How many requests of one client may come at once, in seconds of its rate. */
const burstSeconds = 2

/** The names of variables and zones in nginx are shared by all sites, and variables have no hyphens. */
export function zoneName({ name }: SiteAnswers): string {
  return name.replaceAll('-', '_')
}

/** Whether the site adds headers to answers. */
export function setsHeaders({ securityHeaders, hsts }: SiteAnswers): boolean {
  return securityHeaders || hsts
}

/** What the site's file says about limits, headers, pages and compression, and what it includes. */
export function frontView(answers: SiteAnswers): View {
  const places = frontPlaces(answers)
  const rate = answers.rateLimit === 'off' ? 0 : answers.rateLimit
  return {
    jsonLog: answers.accessLogFormat === 'json',
    limitsRate: rate > 0,
    rate: plain(rate),
    burst: plain(rate * burstSeconds),
    setsHeaders: setsHeaders(answers),
    securityHeaders: answers.securityHeaders,
    headers: nginxWord(places.headers),
    pages: nginxWord(`${places.pages}/`),
    maintenance: nginxText(places.maintenance),
    beside: nginxWord(`${places.beside}/*.conf`),
    inServer: nginxWord(`${places.inServer}/*.conf`),
    inApplication: nginxWord(`${places.inApplication}/*.conf`),
    compression: answers.compression,
    // An older OpenSSL knows no such group, and nginx would not start.
    postQuantum: atLeast(answers.opensslVersion, '3.5.0'),
    ...forerunnerView(answers),
  }
}

/** What templates/etc/nginx/tsicorn/headers.conf.hbs is filled with. */
export function headersView(answers: SiteAnswers): View {
  const { securityHeaders, hsts } = answers
  return { name: plain(answers.name), id: plain(zoneName(answers)), securityHeaders, hsts }
}

/** What templates/etc/nginx/tsicorn/real-address.conf.hbs is filled with, or null where nobody stands before nginx. */
export function realAddressView(answers: SiteAnswers): View | null {
  const forerunner = forerunnerOf(answers)
  if (forerunner === null) return null
  return { name: plain(answers.name), networks: forerunner.networks.map(plain), header: plain(forerunner.header) }
}

function forerunnerView(answers: SiteAnswers): View {
  const byProxy = answers.tls === 'off' && answers.trustedProxies.length > 0
  const variable = (own: string, usual: string): Carried =>
    nginxVariable(byProxy ? `${zoneName(answers)}_${own}` : usual)
  return {
    hasForerunner: forerunnerOf(answers) !== null,
    realAddress: nginxWord(frontPlaces(answers).realAddress),
    byProxy,
    proxies: answers.trustedProxies.map(plain),
    scheme: variable('scheme', 'scheme'),
    port: variable('port', 'server_port'),
  }
}
