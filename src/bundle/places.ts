import { slotPlaceholder } from '../contract/listeners.ts'
import { proxies } from '../settings/proxies.ts'
import type { SiteAnswers } from '../settings/site-table.ts'

/** Where everything of one site stands on the host, as absolute paths. */
export type Places = {
  readonly configFile: string
  readonly envFile: string
  /** The directory of secrets that systemd hands to the service. */
  readonly credentials: string
  /** Where `tsicorn ctl` reaches the server. */
  readonly controlSocket: string
  readonly siteFile: string
  /** The link that makes nginx read the site, or null where it reads the file itself. */
  readonly enabledSite: string | null
  readonly accessLog: string
  readonly nginxErrorLog: string
  readonly serverLog: string
  /** The certificate with its key in one file, as HAProxy reads it. */
  readonly joinedCertificate: string
}

/** Works out the paths from the answers. */
export function placesOf(answers: SiteAnswers): Places {
  const { configDirectory } = answers
  return {
    configFile: `${configDirectory}/tsicorn.config.json`,
    envFile: `${configDirectory}/env`,
    credentials: `${configDirectory}/credentials`,
    controlSocket: `${answers.runtimeDirectory}/control.sock`,
    ...siteFiles(answers),
    ...proxyLogs(answers),
    serverLog: `${answers.logDirectory}/server.log`,
    joinedCertificate: `${configDirectory}/tls/haproxy.pem`,
  }
}

/** Where the files stand that a host reads for a site, besides those of its proxy and its server. */
export type HostPlaces = Readonly<
  Record<'service' | 'socket' | 'program' | 'sysusers' | 'tmpfiles' | 'rotation', string>
>

/** Works out where systemd, supervisord and logrotate find a site, on Debian. */
export function hostPlaces({ name }: SiteAnswers): HostPlaces {
  return {
    service: `/etc/systemd/system/${name}.service`,
    socket: `/etc/systemd/system/${name}.socket`,
    program: `/etc/supervisor/conf.d/${name}.conf`,
    sysusers: `/etc/sysusers.d/${name}.conf`,
    tmpfiles: `/etc/tmpfiles.d/${name}.conf`,
    rotation: `/etc/logrotate.d/${name}`,
  }
}

function siteFiles({ proxy, nginxLayout, name }: SiteAnswers): Pick<Places, 'siteFile' | 'enabledSite'> {
  if (proxy === 'haproxy') return { siteFile: '/etc/haproxy/haproxy.cfg', enabledSite: null }
  if (proxy === 'caddy') return { siteFile: `/etc/caddy/sites/${name}.caddyfile`, enabledSite: null }
  const folder = `/etc/${proxies[proxy].proxyFolder}`
  const layout = proxy === 'apache' ? 'sites-available' : nginxLayout
  const linked = layout === 'sites-available'
  return {
    siteFile: `${folder}/${layout}/${name}.conf`,
    enabledSite: linked ? `${folder}/sites-enabled/${name}.conf` : null,
  }
}

// Docker keeps and rotates what a container writes to its outputs.
function proxyLogs({ supervisor, nginxLogDirectory, name }: SiteAnswers): Pick<Places, 'accessLog' | 'nginxErrorLog'> {
  if (supervisor === 'docker') return { accessLog: '/dev/stdout', nginxErrorLog: '/dev/stderr' }
  return {
    accessLog: `${nginxLogDirectory}/${name}.access.log`,
    nginxErrorLog: `${nginxLogDirectory}/${name}.error.log`,
  }
}

/** What the site's file includes, and the file that switches to maintenance: all below one directory. */
export type FrontPlaces = {
  readonly headers: string
  readonly realAddress: string
  /** A directory of pages. */
  readonly pages: string
  /** While it exists, visitors see the maintenance page. */
  readonly maintenance: string
  /** Directories for a person's own lines. */
  readonly beside: string
  readonly inServer: string
  readonly inApplication: string
}

/** Works out where nginx finds what belongs to the site's file. */
export function frontPlaces({ nginxDirectory, supervisor, runtimeDirectory }: SiteAnswers): FrontPlaces {
  const below = (name: string) => `${nginxDirectory}/${name}`
  return {
    headers: below('headers.conf'),
    realAddress: below('real-address.conf'),
    pages: below('pages'),
    // Of a container only what is shared with the server can be written.
    maintenance: supervisor === 'docker' ? `${runtimeDirectory}/maintenance` : below('maintenance'),
    beside: below('beside.d'),
    inServer: below('server.d'),
    inApplication: below('application.d'),
  }
}

/** The path of the sockets with the placeholder of the slot in it, as the server binds it. */
export function socketPattern(answers: SiteAnswers): string {
  return `${answers.runtimeDirectory}/${slotPlaceholder}.sock`
}

/** The path of each worker's socket, in the order of the slots. */
export function socketPaths(answers: SiteAnswers): readonly string[] {
  return Array.from({ length: answers.workers }, (_, index) =>
    socketPattern(answers).replace(slotPlaceholder, String(index + 1)),
  )
}
