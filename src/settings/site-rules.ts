import type { Rule } from './resolve.ts'
import { partRules } from './site-part-rules.ts'
import type { SiteAnswers } from './site-table.ts'
import { isPrivateName, isProvable } from './site-table.ts'

/** Fills in what nobody gave, and makes relative paths absolute. */
export type Complete = (config: SiteAnswers, isGiven: (name: keyof SiteAnswers) => boolean) => SiteAnswers

type Check = (
  answers: SiteAnswers,
  isGiven: (name: keyof SiteAnswers) => boolean,
) => { readonly expected: string; readonly got: string } | null

/** What must hold between several answers, once they are complete. */
export function siteRules(complete: Complete): readonly Rule<SiteAnswers>[] {
  return rules.map(([settings, check]) => ({
    settings,
    check: (config, isGiven) => check(complete(config, isGiven), isGiven),
  }))
}

const rules: readonly (readonly [readonly (keyof SiteAnswers)[], Check])[] = [
  [['workingDirectory', 'static'], refuseOwnTree],
  [['tls', 'certificate', 'certificateKey'], needFiles],
  [['tls', 'domain'], needSigner],
  [
    ['tls', 'hsts'],
    ({ tls, hsts }) => (tls === 'off' && hsts ? { expected: 'hsts only with TLS', got: 'tls off' } : null),
  ],
  [
    ['httpListen', 'httpsListen'],
    ({ httpListen, httpsListen, tls }) =>
      tls !== 'off' && httpListen === httpsListen
        ? { expected: 'two addresses for http and https', got: `${httpListen} twice` }
        : null,
  ],
  [
    ['drainDelay', 'statusPath'],
    ({ drainDelay, statusPath }) =>
      drainDelay > 0 && statusPath === null
        ? { expected: 'statusPath with drainDelay: without it nobody notices', got: 'no statusPath' }
        : null,
  ],
  [['statusPath', 'healthPath'], needOwnRoute],
  [
    ['credentials', 'systemdVersion'],
    ({ credentials, systemdVersion }) =>
      credentials.length > 0 && systemdVersion < 247
        ? { expected: 'systemd 247 or later with credentials', got: String(systemdVersion) }
        : null,
  ],
  [
    ['cdn', 'trustedProxies'],
    ({ cdn, trustedProxies }) =>
      cdn !== 'none' && trustedProxies.length > 0
        ? { expected: 'one of cdn and trustedProxies', got: `${cdn} and ${trustedProxies.join(', ')}` }
        : null,
  ],
  [
    ['trustedProxies'],
    ({ trustedProxies }) =>
      trustedProxies.some((range) => range === '*' || range.endsWith('/0'))
        ? { expected: 'addresses and networks of proxies', got: 'the whole world, which could then claim any address' }
        : null,
  ],
  [['workingDirectory', 'certificate', 'certificateKey', 'node', 'tsicorn', 'static'], needAbsolute],
  ...partRules,
]

// The sources, .env and node_modules would be there for everybody.
function refuseOwnTree({ workingDirectory, static: directories }: SiteAnswers) {
  const open = directories.find(({ directory }) => `${workingDirectory}/`.startsWith(`${directory}/`))
  return open === undefined
    ? null
    : {
        expected: 'static directories inside the application or elsewhere',
        got: `${open.directory}, which holds all of it`,
      }
}

function needFiles({ tls }: SiteAnswers, isGiven: (name: keyof SiteAnswers) => boolean) {
  const missing = (['certificate', 'certificateKey'] as const).find((name) => !isGiven(name))
  return tls === 'files' && missing !== undefined
    ? { expected: 'certificate and certificateKey with tls files', got: `no ${missing}` }
    : null
}

function needOwnRoute({ statusPath, healthPath }: SiteAnswers) {
  const route = healthPath?.split('?', 1)[0]
  return statusPath !== null && route !== undefined && ['', '/ready', '/live'].some((end) => route === statusPath + end)
    ? { expected: 'a route of the application as healthPath', got: `${route}, which the server answers itself` }
    : null
}

function needSigner({ tls, domain }: SiteAnswers) {
  if (tls !== 'letsencrypt' || isProvable(domain)) return null
  const wildcard = domain.find((name) => name.startsWith('*.'))
  if (wildcard !== undefined) return { expected: 'tls files or self-signed with a wildcard', got: wildcard }
  return { expected: 'public names with tls letsencrypt', got: domain.filter(isPrivateName).join(', ') }
}

function needAbsolute(answers: SiteAnswers) {
  const { workingDirectory, certificate, certificateKey, node, tsicorn, static: directories } = answers
  const paths = [
    workingDirectory,
    certificate,
    certificateKey,
    node,
    tsicorn,
    ...directories.map((one) => one.directory),
  ]
  const relative = paths.find((path) => !path.startsWith('/'))
  return relative === undefined ? null : { expected: 'absolute paths', got: relative }
}
