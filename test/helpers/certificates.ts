import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { TempDir } from './temp-dir.ts'

export type Certificate = {
  readonly certfile: string
  readonly keyfile: string
  readonly cert: Buffer
  readonly key: Buffer
}

export type CertificatePlan = {
  /** Who it is for. */
  readonly name?: string
  /** Who signs it; it signs itself otherwise. */
  readonly issuer?: Certificate
  /** It was valid from the year 2001 to 2002. */
  readonly expired?: boolean
}

/** Makes a certificate with openssl, for localhost unless told otherwise: `await makeCertificate(dir, 'first')`. */
export async function makeCertificate(dir: TempDir, file: string, plan: CertificatePlan = {}): Promise<Certificate> {
  const { name = 'localhost', issuer, expired = false } = plan
  const [certfile, keyfile] = [dir.join(`${file}.pem`), dir.join(`${file}.key`)]
  const request = dir.join(`${file}.csr`)
  await openssl(
    `req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=${name} -keyout ${keyfile} -out ${request}`,
  )
  const [signer, key] = issuer === undefined ? ['-selfsign', keyfile] : [`-cert ${issuer.certfile}`, issuer.keyfile]
  const config = await dir.write(`${file}.cnf`, authority(dir, file))
  await dir.write(`${file}.index`, '')
  const dates = expired ? ['010101000000Z', '020101000000Z'] : ['200101000000Z', '491231000000Z']
  const when = `-startdate ${dates[0]} -enddate ${dates[1]}`
  await openssl(`ca -batch -config ${config} ${signer} -keyfile ${key} -in ${request} -out ${certfile} -notext ${when}`)
  return { certfile, keyfile, cert: readFileSync(certfile), key: readFileSync(keyfile) }
}

function authority(dir: TempDir, file: string): string {
  return `[ca]
default_ca = here
[here]
database = ${dir.join(`${file}.index`)}
new_certs_dir = ${dir.path}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
basicConstraints = CA:TRUE
subjectAltName = DNS:localhost
`
}

async function openssl(words: string): Promise<void> {
  await promisify(execFile)('openssl', words.split(/\s+/))
}
