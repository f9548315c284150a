import { Failure } from '../contract/errors.ts'
import type { Tls } from '../http/tls.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { readTlsFiles } from '../system/tls-files.ts'

/**
 * What TLS needs, or null where it is not spoken. Keys are often readable for root alone, so this comes before root is
 * left behind. A trial fails with a certificate that clients would refuse; a worker that serves does not: most of what
 * came before it may still have to be served. Throws Failure.
 */
export function readTls(config: ServerConfig, { trial }: { readonly trial: boolean }): Tls | null {
  const { certfile, keyfile, caCerts, certReqs, ciphers, tlsMinVersion, httpProtocols } = config
  if (certfile === null || keyfile === null) return null
  const { cert, key, ca, outOfTime } = readTlsFiles({ certfile, keyfile, caCerts, ciphers })
  if (trial && outOfTime !== null) throw new Failure('CERTIFICATE', `the certificate in ${certfile} ${outOfTime}`)
  return { cert, key, ca, clients: certReqs, ciphers, minVersion: tlsMinVersion, protocols: httpProtocols }
}
