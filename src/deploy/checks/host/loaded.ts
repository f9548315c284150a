import { placesOf } from '../../../bundle/places.ts'
import { judge, warn } from '../../check.ts'
import { findAll, parseNginx } from '../../inspect/nginx-tree.ts'
import { configWords } from '../../inspect/try-installed.ts'
import { bootedOnly, type HostCheck, ofHost, rootOnly } from './base.ts'

const group = 'Loaded'

const unitsLoaded: HostCheck = {
  ...ofHost,
  ...{ id: 'host.units-loaded', group },
  title: 'systemd has loaded the units as they stand',
  why: 'What was changed since is not in force: not the sandbox, not the limits, not the new path of node.',
  how: 'systemctl show: LoadState and NeedDaemonReload of both units',
  exempt: bootedOnly,
  run: async ({ systemd, answers, deploy }) => {
    const problems: string[] = []
    const names = [`${answers.name}.service`, `${answers.name}.socket`]
    let isStale = false
    for (const name of names) {
      const unit = await systemd?.unit(name)
      const state = unit?.one('LoadState') ?? 'not known'
      if (state !== 'loaded') problems.push(`${name} is ${state}`)
      if (unit?.one('NeedDaemonReload') === 'yes') {
        isStale = true
        problems.push(`${name} was changed since`)
      }
    }
    return judge('loaded, and not changed since', 'so', problems, isStale ? 'systemctl daemon-reload' : deploy)
  },
}

const nginxSyntax: HostCheck = {
  ...ofHost,
  ...{ id: 'host.nginx-syntax', group },
  title: 'nginx can read its whole configuration',
  why: 'The next reload or start fails, with every site of the host.',
  how: 'nginx -T; a warning counts as a warning',
  exempt: rootOnly,
  run: async ({ nginx, deploy }) => {
    const { outcome } = await nginx()
    const said = outcome.stderr.split('\n').filter((line) => /\[(emerg|alert|crit|error|warn)\]/.test(line))
    const expected = 'nginx -T succeeds without a warning'
    if (!outcome.ok) return judge(expected, '', [said.join(' ') || 'it fails'], deploy)
    return said.length > 0 ? warn(expected, said.join(' ')) : judge(expected, 'so', [])
  },
}

const siteRead: HostCheck = {
  ...ofHost,
  ...{ id: 'host.site-read', group, needs: ['host.nginx-syntax'] },
  title: 'nginx reads the site',
  why: 'A file that no other includes is as good as none: visitors see another site.',
  how: 'the files in nginx -T',
  exempt: rootOnly,
  run: async ({ nginx, answers, deploy }) => {
    const { siteFile, enabledSite } = placesOf(answers)
    const { files } = await nginx()
    const found = [siteFile, enabledSite].some((path) => path !== null && files.has(path))
    return judge(
      `${enabledSite ?? siteFile} among its files`,
      'so',
      found ? [] : [`none of ${files.size} files is it`],
      deploy,
    )
  },
}

const nameConflicts: HostCheck = {
  ...ofHost,
  ...{ id: 'host.name-conflicts', group, needs: ['host.site-read'] },
  title: 'No other site of nginx has a name of this one',
  why: 'nginx takes whichever it reads first, and tells only its log.',
  how: 'server_name in all other files of nginx -T',
  exempt: rootOnly,
  run: async ({ nginx, answers }) => {
    const { siteFile, enabledSite } = placesOf(answers)
    const { files } = await nginx()
    const others = [...files].filter(([path]) => path !== siteFile && path !== enabledSite)
    const problems = others.flatMap(([path, text]) => {
      const names = findAll(parseNginx(text), 'server_name').flatMap(({ words }) => words)
      return answers.domain.filter((name) => names.includes(name)).map((name) => `${name} is in ${path} too`)
    })
    const [first] = others.filter(([path]) => problems.some((words) => words.includes(path))).map(([path]) => path)
    const fix = first?.startsWith('/etc/nginx/sites-enabled/') ? `rm ${first} && systemctl reload nginx` : null
    return judge('each name once', 'so', problems, fix)
  },
}

const config: HostCheck = {
  ...ofHost,
  ...{ id: 'host.config', group },
  title: 'The server can use its configuration here',
  why: 'It refuses to start, and a reload keeps the old one.',
  how: 'each setting of tsicorn.config.json against the table of settings, and the directories it names',
  run: async ({ answers, reader, deploy }) => {
    const words = configWords({ answers, text: reader.text })
    return judge('nothing against it', 'not a word', words, deploy)
  },
}

const rotationRules: HostCheck = {
  ...ofHost,
  ...{ id: 'host.rotation-rules', group },
  title: 'logrotate has the rules of the site',
  why: 'Logs would grow until the disk is full.',
  how: 'the file in /etc/logrotate.d',
  exempt: ({ answers }) => (answers.logs === 'journal' ? 'the server logs to the journal' : null),
  run: async ({ answers, reader, deploy }) => {
    const path = `/etc/logrotate.d/${answers.name}`
    return judge(path, 'there', reader.text(path) === null ? ['it is not there'] : [], deploy)
  },
}

/** What programs have read; other checks stand on these. */
export const loadedChecks: readonly HostCheck[] = [
  unitsLoaded,
  nginxSyntax,
  siteRead,
  nameConflicts,
  config,
  rotationRules,
]
