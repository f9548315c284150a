import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import test from 'node:test'
import { certificateProblems, opensslConfig } from '../../../src/deploy/certificate.ts'

/** For guestbook.example, *.guestbook.example, localhost and 127.0.0.1, from November 2026 to November 2036. */
const certificate = new X509Certificate(`-----BEGIN CERTIFICATE-----
MIIB0zCCAXmgAwIBAgIUKvnRNtdymxbYuBMtqz6+cmyka9swCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRZ3Vlc3Rib29rLmV4YW1wbGUwHhcNMjYxMTIxMDIxNDMwWhcN
MzYxMTE4MDIxNDMwWjAcMRowGAYDVQQDDBFndWVzdGJvb2suZXhhbXBsZTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABC9wE8reNRt57eUMPLfSA+jtLEhilfPCQtWq
cx6wAM5lpaY5C5EGyR2ZaH91uKh6UltgaWjgHDnScFO4ky9Gc3qjgZgwgZUwHQYD
VR0OBBYEFH34muFvKarvW9ml4v8Ur9DTaHhTMB8GA1UdIwQYMBaAFH34muFvKarv
W9ml4v8Ur9DTaHhTMA8GA1UdEwEB/wQFMAMBAf8wQgYDVR0RBDswOYIRZ3Vlc3Ri
b29rLmV4YW1wbGWCEyouZ3Vlc3Rib29rLmV4YW1wbGWCCWxvY2FsaG9zdIcEfwAA
ATAKBggqhkjOPQQDAgNIADBFAiEArMYUs2H3A1gyVOeWxTZq0/UYApSrkuWVNSQ6
sbbH1DoCIAXkydI8Rb2l27QJhsFJjZa+6MQr6mDqXabx6hr0yZdR
-----END CERTIFICATE-----
`)

const now = new Date('2030-01-01')

const problems = (names: readonly string[], given: { keyPem?: string; now?: Date } = {}) =>
  certificateProblems(certificate, { keyPem: given.keyPem ?? null, names, now: given.now ?? now })

test('a certificate for all the names of a site has no problem', () => {
  assert.deepEqual(problems(['guestbook.example', 'localhost', '127.0.0.1', '*.guestbook.example']), [])
})

test('the names a certificate lacks are said, with the ones it has', () => {
  const found = problems(['localhost', 'example.net', '::1', 'www.example.net'])
  assert.equal(found.length, 1)
  assert.match(found[0] ?? '', /not for example\.net, ::1, www\.example\.net but for DNS:guestbook\.example/)
})

test('a certificate of another key is a problem', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  assert.deepEqual(problems(['localhost'], { keyPem }), ['its public key does not belong to the private key'])
})

test('a certificate that is over, or not begun, is a problem', () => {
  assert.match(problems([], { now: new Date('2040-01-01') })[0] ?? '', /ended on Nov .* 2036/)
  assert.match(problems([], { now: new Date('2020-01-01') })[0] ?? '', /valid only from Nov .* 2026/)
})

test('addresses and names are told apart in what openssl is asked for', () => {
  const lines = opensslConfig(['guestbook.example', '127.0.0.1', '::1']).split('\n')
  assert.ok(lines.includes('CN = guestbook.example'))
  assert.ok(lines.includes('subjectAltName = DNS:guestbook.example,IP:127.0.0.1,IP:::1'))
})

test('a name too long for a common name is an alternative name only', () => {
  const long = `${'a'.repeat(60)}.example`
  const config = opensslConfig([long, 'localhost'])
  assert.match(config, /^CN = localhost$/m)
  assert.match(config, new RegExp(`DNS:${long}`))
})
