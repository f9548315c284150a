import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { Failure } from '../contract/errors.ts'

/** Where a certificate and its private key lie. */
export type CertificateFiles = { readonly certificate: string; readonly key: string }

export type CertificateMaking = {
  readonly openssl: string | null
  readonly signal: AbortSignal
  readonly days?: number
}

/** A common name holds 64 characters at most (RFC 5280, ub-common-name); clients read the alternative names only. */
const longestCommonName = 64

/**
 * Makes a self-signed certificate for the names in a folder, with the host's openssl: EC P-256, good for ten days unless
 * told otherwise.
 * Throws PROGRAM_MISSING when there is no openssl, STACK_FAILED with its words when it refuses.
 */
export async function makeCertificate(
  folder: string,
  names: readonly string[],
  { openssl, signal, days = 10 }: CertificateMaking,
): Promise<CertificateFiles> {
  if (openssl === null) {
    throw new Failure('PROGRAM_MISSING', 'A certificate of our own is made by openssl, which is not installed.', {
      fix: 'apt-get install openssl',
    })
  }
  const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') }
  const request = join(folder, 'certificate.cnf')
  await writeFile(request, opensslConfig(names), { mode: 0o600 })
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const { execa } = await import('execa')
  const result = await execa(
    openssl,
    [
      'req',
      '-x509',
      '-config',
      request,
      ...curve,
      '-days',
      String(days),
      '-keyout',
      files.key,
      '-out',
      files.certificate,
    ],
    { reject: false, timeout: 20_000, stdin: 'ignore', cancelSignal: signal },
  )
  if (result.failed) throw new Failure('STACK_FAILED', `openssl could not make a certificate: ${result.stderr}`)
  return files
}

/** The request as openssl reads it. Our own, so that the host's openssl.cnf adds and removes nothing. */
export function opensslConfig(names: readonly string[]): string {
  const common = names.find((name) => name.length <= longestCommonName) ?? 'localhost'
  const alternatives = names.map((name) => (isIP(name) === 0 ? `DNS:${name}` : `IP:${name}`))
  return [
    '[req]',
    'prompt = no',
    'distinguished_name = subject',
    'x509_extensions = extensions',
    '[subject]',
    `CN = ${common}`,
    '[extensions]',
    'basicConstraints = critical,CA:FALSE',
    'keyUsage = critical,digitalSignature',
    'extendedKeyUsage = serverAuth',
    'subjectKeyIdentifier = hash',
    `subjectAltName = ${alternatives.join(',')}`,
    '',
  ].join('\n')
}

/** What is wrong with a presented certificate, one sentence each; empty when it fits the key, the names and the time. */
export function certificateProblems(
  certificate: X509Certificate,
  expected: { readonly keyPem: string | null; readonly names: readonly string[]; readonly now: Date },
): readonly string[] {
  const problems: string[] = []
  if (expected.keyPem !== null && !certificate.checkPrivateKey(createPrivateKey(expected.keyPem))) {
    problems.push('its public key does not belong to the private key')
  }
  const missing = expected.names.filter((name) => !isFor(certificate, name))
  if (missing.length > 0) {
    problems.push(`it is not for ${missing.join(', ')} but for ${certificate.subjectAltName ?? 'no name at all'}`)
  }
  if (expected.now < new Date(certificate.validFrom)) problems.push(`it is valid only from ${certificate.validFrom}`)
  if (expected.now > new Date(certificate.validTo)) problems.push(`it ended on ${certificate.validTo}`)
  return problems
}

/** Reads a certificate file. */
export async function readCertificate(path: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(path))
}

function isFor(certificate: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return certificate.checkIP(name) !== undefined
  // A wildcard name in the site is served by the same wildcard in the certificate; any label stands for it.
  return certificate.checkHost(name.replace(/^\*\./, 'any.')) !== undefined
}
