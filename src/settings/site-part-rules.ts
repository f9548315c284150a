import { proxies } from './proxies.ts'
import { siteService } from './site-service.ts'
import type { SiteAnswers } from './site-table.ts'
import { supervisors } from './supervisors.ts'

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
  [['proxy', 'supervisor'], (answers) => supervised(answers, answers.proxy !== 'nginx', ['systemd', 'supervisord'])],
  [['supervisor', 'credentials'], (answers) => supervised(answers, answers.credentials.length > 0, ['systemd'])],
  [
    ['supervisor', 'logs'],
    ({ supervisor, logs }) => {
      const { title, logs: usual } = supervisors[supervisor]
      const isFree = supervisor === 'systemd' || logs === usual
      return isFree ? null : { expected: `logs ${usual} with ${title}`, got: logs }
    },
  ],
  [
    ['supervisor', 'memory'],
    ({ supervisor, memory }) => {
      if (supervisor === 'systemd' || memory === 'off') return null
      if (supervisor === 'supervisord')
        return { expected: 'memory off with supervisord, which limits none', got: words(memory) }
      return typeof memory === 'number' ? null : { expected: 'a size or off as memory with docker', got: memory }
    },
  ],
  [['supervisor', 'static', 'workingDirectory'], needInside],
  [['supervisor', 'workingDirectory', 'node', 'tsicorn', 'configDirectory', 'stateDirectory'], refuseComments],
]

// The image is made from the project and of nothing beside it.
function needInside({ supervisor, workingDirectory, static: directories }: SiteAnswers): Misfit {
  const outside = directories.find(({ directory }) => !directory.startsWith(`${workingDirectory}/`))
  if (supervisor !== 'docker' || outside === undefined) return null
  return { expected: `static directories inside ${workingDirectory} with docker`, got: outside.directory }
}

// To supervisord a ; or # after a space begins a comment, in the middle of a value too, and there is no way to say that it does not.
function refuseComments(answers: SiteAnswers): Misfit {
  const { supervisor, workingDirectory, node, tsicorn, configDirectory, stateDirectory } = answers
  const paths = [workingDirectory, node, tsicorn, configDirectory, stateDirectory]
  const cut = paths.find((path) => / [;#]/.test(path))
  if (supervisor !== 'supervisord' || cut === undefined) return null
  return { expected: 'paths without a ; or # after a space with supervisord', got: cut }
}

function words(memory: SiteAnswers['memory']): string {
  return siteService.memory.kind.format(memory)
}

function supervised({ supervisor }: SiteAnswers, wanted: boolean, able: readonly SiteAnswers['supervisor'][]): Misfit {
  if (!wanted || able.includes(supervisor)) return null
  return { expected: `supervisor ${able.join(', ')} with that`, got: supervisor }
}

function only({ proxy }: SiteAnswers, wanted: boolean, able: readonly SiteAnswers['proxy'][]): Misfit {
  if (!wanted || able.includes(proxy)) return null
  return { expected: `proxy ${able.join(', ')} with that`, got: proxy }
}
