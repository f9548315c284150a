import { reopenSignal } from '../contract/signals.ts'
import { proxies } from '../settings/proxies.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { frontPlaces, placesOf } from './places.ts'
import { logrotatePattern, plain, unitWord, words } from './quote.ts'
import type { View } from './template.ts'
import { below } from './unit-views.ts'

/** What templates/etc/logrotate.d/site.hbs is filled with. */
export function logrotateView(answers: SiteAnswers): View {
  return {
    name: plain(answers.name),
    ofServer: answers.logs === 'files',
    logs: logrotatePattern(answers.logDirectory, '*.log'),
    user: plain(answers.user),
    group: plain(answers.group),
    bySystemd: answers.supervisor === 'systemd',
    signal: plain(reopenSignal.replace(/^SIG/, '')),
    whom: plain(killWhom(answers)),
    ofNginx: rotatesNginx(answers),
    nginxLogs: logrotatePattern(answers.nginxLogDirectory, `${answers.name}.*.log`),
    nginxUser: plain(answers.nginxUser),
    nginxGroup: plain(answers.nginxGroup),
  }
}

/** What templates/etc/site/env.hbs is filled with. */
export function environmentView(answers: SiteAnswers): View {
  const { name, group, supervisor } = answers
  const reload = {
    systemd: ['systemctl', 'reload', name],
    supervisord: ['supervisorctl', 'signal', 'HUP', name],
    docker: ['docker', 'compose', 'up', '-d'],
  }[supervisor]
  const readers = supervisor === 'docker' ? 'who may use Docker reads it' : `root writes it and only ${group} reads it`
  return {
    name: plain(name),
    readers: words(readers.split(' ').map(plain)),
    reload: words(reload.map(plain)),
  }
}

/** Whether logs of nginx stand where the distribution's own rules do not rotate them. */
export function rotatesNginx({ proxy, nginxLogDirectory }: SiteAnswers): boolean {
  return proxy === 'nginx' && nginxLogDirectory !== `/var/log/${proxies.nginx.proxyFolder}`
}

/** How this systemd spells whom `systemctl kill` means: renamed in 252. */
export function killWhom(answers: SiteAnswers): string {
  return answers.systemdVersion >= 252 ? '--kill-whom' : '--kill-who'
}

/** What templates/etc/sysusers.d/site.conf.hbs is filled with. */
export function sysusersView(answers: SiteAnswers): View {
  return {
    name: plain(answers.name),
    user: plain(answers.user),
    home: unitWord(answers.stateDirectory),
    otherGroup: answers.group !== answers.user,
    group: plain(answers.group),
  }
}

/** What templates/etc/tmpfiles.d/site.conf.hbs is filled with. Directories that the unit makes itself are left out. */
export function tmpfilesView(answers: SiteAnswers): View {
  const ownState = below('/var/lib', answers.stateDirectory) === null
  const ownLogs = answers.logs === 'files' && below('/var/log', answers.logDirectory) === null
  return {
    name: plain(answers.name),
    user: plain(answers.user),
    group: plain(answers.group),
    nginxGroup: plain(answers.nginxGroup),
    proxyTitle: plain(proxies[answers.proxy].title),
    runtimeDirectory: unitWord(answers.runtimeDirectory),
    ...tlsDirectoryView(answers),
    tlsDirectory: unitWord(`${answers.configDirectory}/tls`),
    hasCredentials: answers.credentials.length > 0,
    credentials: unitWord(placesOf(answers).credentials),
    asksAuthority: answers.tls === 'letsencrypt' && servesFiles(answers),
    acmeDirectory: unitWord(answers.acmeDirectory),
    hasOutlets: answers.proxy === 'nginx',
    outlets: Object.values(outletsOf(answers)).map(unitWord),
    ownNginxLogs: rotatesNginx(answers),
    caddyLogs: answers.proxy === 'caddy',
    nginxUser: plain(answers.nginxUser),
    nginxLogDirectory: unitWord(answers.nginxLogDirectory),
    ownState,
    stateDirectory: unitWord(answers.stateDirectory),
    ownLogs,
    logDirectory: unitWord(answers.logDirectory),
  }
}

function tlsDirectoryView(answers: SiteAnswers): View {
  const joins = answers.proxy === 'haproxy' && answers.tls !== 'off'
  // Caddy is never root; the others read the key before they give that up.
  const asItself = answers.proxy === 'caddy'
  return {
    makesTls: makesCertificate(answers) || joins,
    tlsMode: plain(asItself ? '0750' : '0700'),
    tlsGroup: plain(asItself ? answers.nginxGroup : 'root'),
  }
}

/** Whether the proxy hands out what certbot puts into a directory for the authority. */
export function servesFiles({ proxy }: SiteAnswers): boolean {
  return proxy === 'nginx' || proxy === 'apache'
}

function outletsOf(answers: SiteAnswers) {
  const { beside, inServer, inApplication } = frontPlaces(answers)
  return { beside, inServer, inApplication }
}

/** Whether the site begins with a certificate of our own making. */
export function makesCertificate(answers: SiteAnswers): boolean {
  // Caddy gets its own from the authority.
  return answers.tls === 'self-signed' || (answers.tls === 'letsencrypt' && answers.proxy !== 'caddy')
}
