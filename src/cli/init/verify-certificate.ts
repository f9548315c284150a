import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Complaint } from '../../settings/resolve.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'

type Loaded<Value> = { readonly value: Value } | { readonly problem: string } | 'elsewhere'

/**
 * What is wrong with the certificate and key of a site, as far as they are on this machine and may be read: nginx would
 * refuse to start with them, or every browser to go on.
 */
export function verifyCertificate(answers: SiteAnswers, now = new Date()): readonly Complaint[] {
  if (answers.tls !== 'files') return []
  const chain = load(answers.certificate, (pem) => new X509Certificate(pem))
  const key = load(answers.certificateKey, (pem) => createPrivateKey(pem))
  const complaints: Complaint[] = []
  const complain = (source: 'certificate' | 'certificateKey', expected: string, hint: string) =>
    complaints.push({ source, setting: '', expected, got: answers[source], hint })
  if (isProblem(chain)) complain('certificate', 'a certificate in PEM', chain.problem)
  if (isProblem(key)) complain('certificateKey', 'a private key in PEM, without a password', key.problem)
  if (isLoaded(chain))
    for (const hint of faults(chain.value, answers.domain, now))
      complain('certificate', 'a certificate for the site', hint)
  if (isLoaded(chain) && isLoaded(key) && !chain.value.checkPrivateKey(key.value))
    complain(
      'certificateKey',
      'the key of the certificate',
      `it belongs to another certificate than ${answers.certificate}`,
    )
  return complaints
}

function faults(certificate: X509Certificate, domain: readonly string[], now: Date): readonly string[] {
  const missing = domain.filter((name) => !covers(certificate, name))
  return [
    ...(new Date(certificate.validTo) < now ? [`it has expired on ${certificate.validTo}`] : []),
    ...(missing.length > 0 ? [`it is not for ${missing.join(', ')}`] : []),
  ]
}

// A wildcard stands for any name below it, so any will do to ask with.
function covers(certificate: X509Certificate, name: string): boolean {
  return certificate.checkHost(name.replace(/^\*/, 'any-name')) !== undefined
}

// Without the right to read there is nothing to judge: keys are for root. A file that is not here is on the host.
function load<Value extends X509Certificate | KeyObject>(path: string, parse: (pem: Buffer) => Value): Loaded<Value> {
  let pem: Buffer
  try {
    pem = readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    return code === 'EISDIR' ? { problem: 'it is a directory' } : 'elsewhere'
  }
  try {
    return { value: parse(pem) }
  } catch {
    return { problem: 'it cannot be read as one' }
  }
}

function isProblem<Value>(loaded: Loaded<Value>): loaded is { readonly problem: string } {
  return loaded !== 'elsewhere' && 'problem' in loaded
}

function isLoaded<Value>(loaded: Loaded<Value>): loaded is { readonly value: Value } {
  return loaded !== 'elsewhere' && 'value' in loaded
}
