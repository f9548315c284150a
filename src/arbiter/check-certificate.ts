import type { Logger } from '../log/logger.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { readTlsFiles, type TlsMaterial } from '../system/tls-files.ts'

const day = 24 * 60 * 60 * 1000
/** How long before its end one speaks of a certificate. Let's Encrypt renews 30 days before, so this is late. */
const noticeMs = 14 * day

/** Reads what TLS needs before anything is opened, so that a mistake ends the start at once. Throws Failure CERTIFICATE. */
export function checkCertificate({ certfile, keyfile, caCerts, ciphers }: ServerConfig): TlsMaterial | null {
  if (certfile === null || keyfile === null) return null
  return readTlsFiles({ certfile, keyfile, caCerts, ciphers })
}

/** A certificate that has expired stops no start: who trusts it anyway is better served than not at all. */
export function warnOfCertificate(material: TlsMaterial | null, log: Logger): void {
  if (material === null || (material.outOfTime === null && material.left >= noticeMs)) return
  const validTo = material.validTo.toISOString()
  log.warning({ event: 'tls.certificate', validTo }, `the certificate ${material.outOfTime ?? `expires on ${validTo}`}`)
}
