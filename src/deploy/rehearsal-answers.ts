import type { SiteAnswers } from '../settings/site-table.ts'

/** Where a site is rehearsed instead of on its host. */
export type Stage = {
  /** The folder below which everything is written. */
  readonly scratch: string
  readonly ports: Ports
  /** Where the application is on this machine. */
  readonly workingDirectory: string
  /** The nginx of this machine; null when there is none, or another proxy is in front. */
  readonly nginx: {
    readonly version: string
    readonly openssl: string | null
    readonly gzipStatic: boolean | null
  } | null
  readonly ipv6: boolean
}

export type Ports = { readonly http: number; readonly https: number }

/** The port a browser is sent to: the one for http where a site has no TLS. */
export function doorPort({ tls }: Pick<SiteAnswers, 'tls'>, ports: Ports): number {
  return tls === 'off' ? ports.http : ports.https
}

/** The name under which a browser on this machine asks for the site. */
export const localName = 'localhost'

/**
 * The answers of a site, moved to a stage: addresses, ports and paths are others, everything else is as on the host.
 * The server logs to its standard error, where a rehearsal reads it.
 */
export function rehearsalAnswers(site: SiteAnswers, stage: Stage): SiteAnswers {
  const { scratch, ports, nginx } = stage
  return {
    ...site,
    // Caddy would ask an authority by itself.
    tls: site.proxy === 'caddy' && site.tls === 'letsencrypt' ? 'files' : site.tls,
    // A rehearsal starts the server itself, in the way that leaves most to be checked.
    supervisor: 'systemd',
    domain: site.domain.includes(localName) ? site.domain : [...site.domain, localName],
    httpListen: `127.0.0.1:${ports.http}`,
    httpsListen: `127.0.0.1:${ports.https}`,
    httpsPort: ports.https,
    ipv6: site.ipv6 && stage.ipv6,
    nginxVersion: nginx?.version ?? site.nginxVersion,
    opensslVersion: nginx?.openssl ?? site.opensslVersion,
    gzipStatic: nginx?.gzipStatic ?? site.gzipStatic,
    nginxDirectory: `${scratch}/front`,
    workingDirectory: stage.workingDirectory,
    static: site.static.map(({ prefix, directory }) => ({ prefix, directory: moved(directory, site, stage) })),
    certificate: `${scratch}/tls/certificate.pem`,
    certificateKey: `${scratch}/tls/key.pem`,
    runtimeDirectory: `${scratch}/run`,
    configDirectory: `${scratch}/etc`,
    stateDirectory: `${scratch}/state`,
    logDirectory: `${scratch}/log`,
    nginxLogDirectory: `${scratch}/log`,
    acmeDirectory: `${scratch}/acme`,
    // Nobody balances over a rehearsal, and it is to stop at once.
    drainDelay: 0,
    logs: 'journal',
  }
}

/** Static files that lie in the application's directory move with it. */
function moved(directory: string, site: SiteAnswers, stage: Stage): string {
  const inside = `${site.workingDirectory}/`
  return directory.startsWith(inside) ? `${stage.workingDirectory}/${directory.slice(inside.length)}` : directory
}
