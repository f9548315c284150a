import type { KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Failure } from '../contract/errors.ts'

export type TlsFiles = {
  readonly certfile: string
  readonly keyfile: string
  readonly caCerts: string | null
  readonly ciphers: string | null
}

/** What was in the files, and how long the certificate is valid. */
export type TlsMaterial = {
  readonly cert: Buffer
  readonly key: Buffer
  readonly ca: Buffer | null
  readonly validTo: Date
  /** Milliseconds until it expires. */
  readonly left: number
  /** What is wrong with its time, in words that follow its name; null when it is valid. */
  readonly outOfTime: string | null
}

/** Reads certificate and key, and sees that they can be used together. Throws Failure CERTIFICATE. */
export function readTlsFiles({ certfile, keyfile, caCerts, ciphers }: TlsFiles): TlsMaterial {
  // Who speaks no TLS does not pay for it: 5 ms and 2 MB.
  const { createPrivateKey, X509Certificate } = process.getBuiltinModule('node:crypto')
  const { createSecureContext } = process.getBuiltinModule('node:tls')
  const cert = read(certfile, 'certificate')
  const key = read(keyfile, 'key')
  const ca = caCerts === null ? null : read(caCerts, 'file of authorities')
  const leaf = attempt(`expected a certificate in PEM in ${certfile}`, () => new X509Certificate(cert))
  const secret = attempt(`expected a private key in PEM, without a passphrase, in ${keyfile}`, () =>
    createPrivateKey(key),
  )
  if (!leaf.checkPrivateKey(secret)) throw mismatch(certfile, keyfile, secret)
  if (caCerts !== null) attempt(`expected certificates in PEM in ${caCerts}`, () => new X509Certificate(ca ?? ''))
  if (ciphers !== null) attempt(`the cipher suites ${ciphers} cannot be used`, () => createSecureContext({ ciphers }))
  attempt(`the certificate in ${certfile} cannot be used`, () => createSecureContext({ cert, key, ...(ca && { ca }) }))
  return { cert, key, ca, ...validityOf(leaf, new Date()) }
}

/** By the clock that the whole world shares, as clients judge it. */
function validityOf(leaf: X509Certificate, now: Date): Pick<TlsMaterial, 'validTo' | 'left' | 'outOfTime'> {
  const [validFrom, validTo] = [new Date(leaf.validFrom), new Date(leaf.validTo)]
  const expired = now > validTo ? `expired on ${validTo.toISOString()}` : null
  const early = now < validFrom ? `is not valid before ${validFrom.toISOString()}` : null
  return { validTo, left: validTo.getTime() - now.getTime(), outOfTime: expired ?? early }
}

function read(path: string, what: string): Buffer {
  return attempt(`the ${what} cannot be read`, () => readFileSync(path))
}

function attempt<Value>(trouble: string, act: () => Value): Value {
  try {
    return act()
  } catch (cause) {
    throw new Failure('CERTIFICATE', `${trouble}: ${(cause as Error).message}`, { cause })
  }
}

function mismatch(certfile: string, keyfile: string, key: KeyObject): Failure {
  const kind = key.asymmetricKeyType ?? 'unknown'
  const words = `expected the key of the certificate in ${certfile}, got another one (${kind}) in ${keyfile}`
  return new Failure('CERTIFICATE', words, {
    fix: 'In a chain the certificate of the server itself comes first. Compare: openssl x509 -in CERT -noout -pubkey; openssl pkey -in KEY -pubout',
  })
}
