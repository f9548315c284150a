import { createPrivateKey, X509Certificate } from 'node:crypto'
import { certificateProblems } from '../../certificate.ts'
import { judge, warn } from '../../check.ts'
import type { HostTarget } from '../../inspect/host-target.ts'
import { commandLine } from '../../install/run-command.ts'
import { type HostCheck, ofHost, tlsOnly } from './base.ts'

const group = 'Certificate'
const day = 86_400_000

/** A renewal by certbot comes 30 days before the end; when it has not come by then, it does not come by itself. */
const soon = 14

const readable: HostCheck = {
  ...ofHost,
  ...{ id: 'host.certificate', group },
  title: 'The certificate can be read, with its chain in order',
  why: 'Without the certificate in between some clients trust the site and others do not.',
  how: 'the file of the certificate: each is signed by the next',
  exempt: tlsOnly,
  run: async (target) => {
    const chain = chainOf(target)
    const unsigned = chain.slice(0, -1).filter((one, index) => !isSignedBy(one, chain[index + 1]))
    const problems = [
      ...(chain.length === 0 ? [`no certificate in ${target.answers.certificate}`] : []),
      ...unsigned.map((one) => `${one.subject.replaceAll('\n', ' ')} is not signed by the next`),
      ...(chain.length === 1 && !isSelfSigned(chain[0]) ? ['the certificate of its issuer is missing'] : []),
    ]
    return judge(
      'a certificate, and those of its issuers after it',
      `${chain.length} in the file`,
      problems,
      mendOf(target),
    )
  },
}

const key: HostCheck = {
  ...ofHost,
  ...{ id: 'host.certificate-key', group, needs: ['host.certificate'] },
  title: 'The key belongs to the certificate',
  why: 'nginx refuses to start or to reload.',
  how: 'the private key against the public key in the certificate',
  exempt: tlsOnly,
  run: async (target) => {
    const keyPem = target.reader.text(target.answers.certificateKey)
    const [own] = chainOf(target)
    const right = keyPem !== null && own?.checkPrivateKey(createPrivateKey(keyPem)) === true
    const words = keyPem === null ? `there is no key at ${target.answers.certificateKey}` : 'it belongs to another one'
    return judge('one pair', 'so', right ? [] : [words], mendOf(target))
  },
}

const names: HostCheck = {
  ...ofHost,
  ...{ id: 'host.certificate-names', group, needs: ['host.certificate'] },
  title: 'The certificate is for every name of the site',
  why: 'Browsers show a full-page warning for a certificate of another name.',
  how: 'the alternative names in the certificate',
  exempt: tlsOnly,
  run: async (target) => {
    const [own] = chainOf(target)
    const { domain } = target.answers
    const inTime = own === undefined ? target.now : new Date(own.validTo)
    const problems = own === undefined ? [] : certificateProblems(own, { keyPem: null, names: domain, now: inTime })
    return judge(domain.join(', '), own?.subjectAltName ?? 'none', problems, mendOf(target))
  },
}

const days: HostCheck = {
  ...ofHost,
  ...{ id: 'host.certificate-days', group, needs: ['host.certificate'] },
  title: 'The certificate is valid, and for some time to come',
  why: 'On the day it ends, nobody can use the site any more.',
  how: 'the dates in the certificate',
  exempt: tlsOnly,
  run: async (target) => {
    const [own] = chainOf(target)
    const expected = `valid for ${soon} days at least`
    if (own === undefined) return judge(expected, '', ['there is none'])
    const left = Math.floor((new Date(own.validTo).getTime() - target.now.getTime()) / day)
    const early = target.now < new Date(own.validFrom)
    if (left < 0 || early)
      return judge(
        expected,
        '',
        [early ? `valid only from ${own.validFrom}` : `it ended on ${own.validTo}`],
        mendOf(target),
      )
    return left < soon ? warn(expected, `${left} days left`, mendOf(target)) : judge(expected, `${left} days`, [])
  },
}

const secret: HostCheck = {
  ...ofHost,
  ...{ id: 'host.key-secret', group },
  title: 'Nobody but root may read the key',
  why: 'Whoever has it can be this site for anybody, until the certificate ends.',
  how: 'owner and mode of the key',
  exempt: tlsOnly,
  run: async ({ answers, reader }) => {
    const path = answers.certificateKey
    const found = reader.look(path)
    const open = found.kind === 'file' && (found.uid !== 0 || (found.mode & 0o007) !== 0)
    const words = found.kind === 'file' ? `mode 0${found.mode.toString(8)}, owner ${found.uid}` : `a ${found.kind}`
    return judge(
      'owned by root, not for others',
      words,
      open ? [words] : [],
      commandLine(['chown', 'root', path]).concat(` && ${commandLine(['chmod', '0600', path])}`),
    )
  },
}

/** What TLS stands on. */
export const certificateChecks: readonly HostCheck[] = [readable, key, names, days, secret]

function chainOf({ answers, reader }: HostTarget): readonly X509Certificate[] {
  const text = reader.text(answers.certificate) ?? ''
  const parts = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  try {
    return parts.map((part) => new X509Certificate(part))
  } catch {
    return []
  }
}

function isSignedBy(one: X509Certificate, issuer: X509Certificate | undefined): boolean {
  return issuer !== undefined && one.checkIssued(issuer) && one.verify(issuer.publicKey)
}

function isSelfSigned(one: X509Certificate | undefined): boolean {
  return one?.verify(one.publicKey) === true
}

/** A certificate of our own making is made anew by a deployment, one of the authority by its client. */
function mendOf({ answers, deploy }: HostTarget): string | null {
  if (answers.tls === 'self-signed') return deploy
  return answers.tls === 'letsencrypt' ? `certbot renew --cert-name ${answers.name} && systemctl reload nginx` : null
}
