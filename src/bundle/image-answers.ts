import { completeAnswers, type SiteAnswers } from '../settings/site-table.ts'
import { below } from './unit-views.ts'

/** Whom the containers run as, by number: what the images call them differs. */
export const imageAccounts = { uid: 10_001, gid: 10_001, nginxUid: 101 } as const

/** The versions the images begin with. */
export const imageVersions = { node: '24', nginx: '1.28.0' } as const

/** Where nginx listens in its container: low ports are for root. */
export const imagePorts = { http: '8080', https: '8443' } as const

const globalPackages = '/usr/local/lib/node_modules'

/** Where the image keeps tsicorn. */
export const launcherFolder = `${globalPackages}/tsicorn`

/** The answers of a site as its containers see it: everything has its usual place there, whatever the host is like. */
export function imageAnswers(answers: SiteAnswers): SiteAnswers {
  const { name, workingDirectory } = answers
  const usual = completeAnswers({ name })
  const { runtimeDirectory, configDirectory, stateDirectory, nginxDirectory, acmeDirectory } = usual
  return {
    ...answers,
    workingDirectory: usual.workingDirectory,
    static: answers.static.map(({ prefix, directory }) => ({
      prefix,
      directory: `${usual.workingDirectory}/${below(workingDirectory, directory) ?? ''}`,
    })),
    ...{ runtimeDirectory, configDirectory, stateDirectory, nginxDirectory, acmeDirectory },
    ...{ certificate: usual.certificate, certificateKey: usual.certificateKey },
    node: '/usr/local/bin/node',
    tsicorn: `${launcherFolder}/bin/tsicorn.js`,
    ...{ nginxLayout: 'conf.d', nginxVersion: imageVersions.nginx, opensslVersion: '3.0.0', gzipStatic: true },
    ...{ httpListen: imagePorts.http, httpsListen: imagePorts.https, ipv6: false },
    // nginx keeps visitors away from what begins so: only the health check of the container asks there.
    statusPath: answers.statusPath ?? '/.tsicorn/status',
  }
}
