import type { ProxyName } from '../settings/proxies.ts'
import { proxies } from '../settings/proxies.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { apacheModules } from './apache-view.ts'
import type { BundleFile } from './bundle-file.ts'
import { services } from './certbot-hook.ts'
import { authorityPort } from './haproxy-view.ts'
import { makesCertificate } from './host-views.ts'
import { placesOf } from './places.ts'
import { type Carried, markdownCode, plain, shellWord, words } from './quote.ts'
import { certificateView, factsView, installView, placesView } from './runbook-view.ts'
import { serverTimes, span } from './server-config.ts'
import type { View } from './template.ts'

const ofFacts = ['name', 'url', 'user', 'group', 'app', 'workers', 'maxBody', 'proxyReadTimeout'] as const
const ofPlaces = [
  ...(['workingDirectory', 'runtimeDirectory', 'stateDirectory', 'configFile', 'envFile', 'siteFile', 'node'] as const),
  ...(['launcher', 'followLog', 'ctlStatus', 'printConfig'] as const),
]
const ofInstalling = ['files', 'sysusersFile', 'tmpfilesFile', 'envSource', 'envTarget'] as const
const ofCertificates = [
  ...(['usesFiles', 'alternativeNames', 'certificate', 'certificateKey', 'certificatePath'] as const),
  ...(['certificateKeyPath', 'certbotNames', 'certbotContact', 'certbotHook'] as const),
]

/** What templates/runbook/other.md.hbs is filled with: the runbook of a site behind another proxy than nginx. */
export function otherRunbookView(answers: SiteAnswers, files: readonly BundleFile[]): View {
  return {
    ...pick(factsView(answers), ofFacts),
    ...pick(placesView(answers), ofPlaces),
    ...pick(installView(answers, files), ofInstalling),
    ...pick(certificateView(answers), ofCertificates),
    timeout: plain(span(serverTimes.timeout)),
    ...proxyView(answers),
  }
}

function proxyView(answers: SiteAnswers): View {
  const { proxy, tls } = answers
  const places = placesOf(answers)
  const asksWithCertbot = tls === 'letsencrypt' && proxy !== 'caddy'
  const requests = proxy === 'haproxy' ? 'journalctl -fu haproxy' : `tail -F ${shellWord(places.accessLog)}`
  return {
    proxyTitle: plain(proxies[proxy].title),
    proxyUser: plain(answers.nginxUser),
    haproxy: proxy === 'haproxy',
    caddy: proxy === 'caddy',
    apache: proxy === 'apache',
    service: plain(services[proxy]),
    test: tests[proxy],
    apacheModules: words(apacheModules.map(plain)),
    requests: proxy === 'haproxy' ? words(['the', 'journal', 'of', 'haproxy'].map(plain)) : quoted(places.accessLog),
    followRequests: markdownCode(requests),
    makesOwn: makesCertificate(answers),
    caddyReads: proxy === 'caddy' && (tls === 'files' || tls === 'self-signed'),
    tlsDirectory: shellWord(`${answers.configDirectory}/tls`),
    joins: proxy === 'haproxy' && tls !== 'off',
    joined: shellWord(places.joinedCertificate),
    asksWithCertbot,
    certbotWay: certbotWay(answers),
  }
}

const tests: Readonly<Record<ProxyName, Carried>> = {
  nginx: words(['nginx', '-t'].map(plain)),
  haproxy: words(['haproxy', '-c', '-q', '-f', '/etc/haproxy/haproxy.cfg'].map(plain)),
  caddy: words(['caddy', 'validate', '--config', '/etc/caddy/Caddyfile'].map(plain)),
  apache: words(['apachectl', '-t'].map(plain)),
}

function certbotWay({ proxy, acmeDirectory }: SiteAnswers): Carried {
  const standalone = ['--standalone', '--http-01-address', '127.0.0.1', '--http-01-port', authorityPort]
  return proxy === 'haproxy'
    ? words(standalone.map(plain))
    : words([plain('--webroot'), plain('-w'), shellWord(acmeDirectory)])
}

function quoted(path: string): Carried {
  return `\`${markdownCode(path)}\`` as Carried
}

function pick(view: View, names: readonly string[]): View {
  return Object.fromEntries(Object.entries(view).filter(([name]) => names.includes(name)))
}
