import type { ProxyName } from '../settings/proxies.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { apacheView } from './apache-view.ts'
import { type BundleFile, file } from './bundle-file.ts'
import { caddyView } from './caddy-view.ts'
import { haproxyView } from './haproxy-view.ts'
import { headersView, realAddressView, setsHeaders } from './nginx-front-view.ts'
import { nginxView } from './nginx-view.ts'
import { frontPlaces, placesOf } from './places.ts'
import { plain } from './quote.ts'
import { fill } from './template.ts'

/** What the proxy of a site reads. */
export function proxyFiles(answers: SiteAnswers): readonly BundleFile[] {
  return makers[answers.proxy](answers)
}

const makers: Readonly<Record<ProxyName, (answers: SiteAnswers) => readonly BundleFile[]>> = {
  nginx: nginxFiles,
  haproxy: (answers) => [
    file(placesOf(answers).siteFile, fill('etc/haproxy/haproxy.cfg.hbs', haproxyView(answers))),
    ...pages(answers, ['busy', 'unavailable']),
  ],
  caddy: (answers) => [
    file(placesOf(answers).siteFile, fill('etc/caddy/sites/site.caddyfile.hbs', caddyView(answers))),
    ...pages(answers, ['unavailable']),
  ],
  apache: (answers) => [
    file(placesOf(answers).siteFile, fill('etc/apache2/sites-available/site.conf.hbs', apacheView(answers))),
    ...pages(answers, ['unavailable']),
  ],
}

function nginxFiles(answers: SiteAnswers): readonly BundleFile[] {
  const { headers, realAddress } = frontPlaces(answers)
  const realAddresses = realAddressView(answers)
  return [
    file(placesOf(answers).siteFile, fill('etc/nginx/sites-available/site.conf.hbs', nginxView(answers))),
    ...(setsHeaders(answers) ? [file(headers, fill('etc/nginx/tsicorn/headers.conf.hbs', headersView(answers)))] : []),
    ...(realAddresses === null
      ? []
      : [file(realAddress, fill('etc/nginx/tsicorn/real-address.conf.hbs', realAddresses))]),
    ...pages(answers, pageNames),
  ]
}

/** What visitors may see in place of the application. */
export const pageNames = ['busy', 'maintenance', 'unavailable'] as const

function pages(answers: SiteAnswers, names: readonly (typeof pageNames)[number][]): readonly BundleFile[] {
  const { pages: folder } = frontPlaces(answers)
  return names.map((name) =>
    file(`${folder}/${name}.html`, fill(`etc/nginx/tsicorn/pages/${name}.html.hbs`, { name: plain(answers.name) })),
  )
}
