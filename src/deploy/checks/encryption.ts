import { readFile } from 'node:fs/promises'
import type { SecureVersion } from 'node:tls'
import { certificateProblems } from '../certificate.ts'
import { type Check, fail, judge, type Verdict } from '../check.ts'
import { type Handshake, shakeHands } from '../handshake.ts'
import type { CheckTarget } from '../target.ts'
import { withoutTls } from './exemptions.ts'

export const certificate: Check = {
  id: 'tls.certificate-matches',
  layer: 'live',
  group: 'TLS',
  title: 'The certificate matches the key and the names',
  why: 'Browsers show a full-page warning for a certificate of another name.',
  how: 'TLS handshake; the presented certificate against the private key, the names of the site and the clock',
  needs: ['nginx.syntax'],
  active: false,
  within: 15_000,
  exempt: withoutTls,
  run: checkCertificate,
}

export const versions: Check = {
  id: 'tls.versions',
  layer: 'live',
  group: 'TLS',
  title: 'TLS 1.2 and 1.3 only',
  why: 'TLS 1.0 and 1.1 are broken and forbidden (RFC 8996); without 1.2 some clients cannot connect.',
  how: 'one TLS handshake with each version alone',
  needs: ['nginx.syntax'],
  active: false,
  within: 30_000,
  exempt: withoutTls,
  run: checkVersions,
}

const wanted: readonly { readonly version: SecureVersion; readonly accepted: boolean }[] = [
  { version: 'TLSv1', accepted: false },
  { version: 'TLSv1.1', accepted: false },
  { version: 'TLSv1.2', accepted: true },
  { version: 'TLSv1.3', accepted: true },
]

async function checkCertificate(target: CheckTarget): Promise<Verdict> {
  const { https, keyPath, names } = target
  const expected = `a certificate for ${names.join(', ')} that belongs to the key and is valid today`
  if (https === null) return fail(expected, 'there is no HTTPS address')
  const shaken = await shakeHands(https, {})
  if (shaken.outcome !== 'agreed') return fail(expected, `the handshake failed: ${shaken.reason}`)
  if (shaken.certificate === null) return fail(expected, 'no certificate was presented')
  const keyPem = keyPath === null ? null : await readFile(keyPath, 'utf8')
  const problems = certificateProblems(shaken.certificate, { keyPem, names, now: new Date() })
  const found = `${shaken.certificate.subjectAltName ?? ''}, valid to ${shaken.certificate.validTo}`
  return judge(expected, found, problems, target.renderAgain)
}

async function checkVersions(target: CheckTarget): Promise<Verdict> {
  const expected = 'TLS 1.2 and 1.3 accepted, 1.0 and 1.1 refused'
  const { https } = target
  if (https === null) return fail(expected, 'there is no HTTPS address')
  const problems: string[] = []
  const found: string[] = []
  for (const { version, accepted } of wanted) {
    const shaken = await shakeHands(https, { version })
    found.push(`${version} ${wordFor(shaken)}`)
    if (isWrong(shaken, accepted)) problems.push(`${version} is ${wordFor(shaken)}`)
  }
  return judge(expected, found.join(', '), problems, target.renderAgain)
}

function isWrong(shaken: Handshake, accepted: boolean): boolean {
  return shaken.outcome !== 'untried' && (shaken.outcome === 'agreed') !== accepted
}

function wordFor(shaken: Handshake): string {
  return { agreed: 'accepted', refused: 'refused', untried: 'not known here' }[shaken.outcome]
}
