import type { ProxyName } from '../settings/proxies.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { apacheTrialView } from './apache-view.ts'
import { caddyTrialView } from './caddy-view.ts'
import { type CheckWrapper, renderCheckWrapper } from './check-wrapper.ts'
import { haproxyView } from './haproxy-view.ts'
import { fill } from './template.ts'

/** The file in the scratch folder that a proxy writes its process id to, where it writes one. */
export function pidFileOf(proxy: ProxyName): string {
  return `${proxy}.pid`
}

/** The configuration that lets a proxy serve or check one site apart from the host's own proxy. */
export function renderTrial(answers: SiteAnswers, wrapper: CheckWrapper): string {
  return makers[answers.proxy](answers, wrapper)
}

const makers: Readonly<Record<ProxyName, (answers: SiteAnswers, wrapper: CheckWrapper) => string>> = {
  nginx: (_answers, wrapper) => renderCheckWrapper(wrapper),
  // It reads no other file: the site's is the whole.
  haproxy: (answers) =>
    fill('etc/haproxy/haproxy.cfg.hbs', haproxyView(answers, { log: 'stdout format raw', isAlone: true })),
  caddy: (_answers, wrapper) => fill('check/Caddyfile.hbs', caddyTrialView(wrapper)),
  apache: (_answers, wrapper) => fill('check/apache2.conf.hbs', apacheTrialView(wrapper, pidFileOf('apache'))),
}
