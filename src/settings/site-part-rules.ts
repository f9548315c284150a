import { proxies } from './proxies.ts'
import type { SiteAnswers } from './site-table.ts'

type Misfit = { readonly expected: string; readonly got: string } | null

/** What not every proxy and supervisor can do, and so is refused instead of being left out without a word. */
export const partRules: readonly (readonly [readonly (keyof SiteAnswers)[], (answers: SiteAnswers) => Misfit])[] = [
  [['proxy', 'static'], (answers) => only(answers, answers.static.length > 0, ['nginx', 'caddy', 'apache'])],
  [['proxy', 'cdn'], (answers) => only(answers, answers.cdn !== 'none', ['nginx'])],
  [['proxy', 'trustedProxies'], (answers) => only(answers, answers.trustedProxies.length > 0, ['nginx'])],
  [['proxy', 'defaultServer'], (answers) => only(answers, answers.defaultServer, ['nginx', 'haproxy', 'caddy'])],
  [['proxy', 'accessLogFormat'], (answers) => only(answers, answers.accessLogFormat === 'json', ['nginx', 'caddy'])],
  [
    ['proxy', 'nginxLogDirectory'],
    ({ proxy, nginxLogDirectory: found }) => {
      const usual = `/var/log/${proxies[proxy].proxyFolder}`
      return proxy === 'apache' && found !== usual
        ? { expected: `${usual} with proxy apache, which the distribution rotates`, got: found }
        : null
    },
  ],
]

function only({ proxy }: SiteAnswers, wanted: boolean, able: readonly SiteAnswers['proxy'][]): Misfit {
  if (!wanted || able.includes(proxy)) return null
  return { expected: `proxy ${able.join(', ')} with that`, got: proxy }
}
