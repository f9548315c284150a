import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { needs, program } from './needs.ts'
import { rehearse } from './rehearsal.ts'

type Finding = { readonly id: string; readonly severity: string; readonly finding: string }

// That nobody has signed a certificate of a rehearsal, that nobody can take it back, and that it ends in ten days, is as
// it should be. What the openssl here lacks says nothing about the site.
const selfSigned =
  /^cert_(?:chain_of_trust|trust|caIssuers|ocspURL|revocation|notRevoked|notAfter|expirationStatus|extlifeSpan)|^OCSP|^DNS_CAA|^engine_problem$|^overall_grade/

// It asks openssl for a session, which has left before the ticket is there when the machine is busy: it knows nothing then.
const asksTooEarly = /^sessionresumption_/

/** What must have been looked at, or silence would mean nothing. */
const looked = ['TLS1', 'TLS1_2', 'TLS1_3', 'cipherlist_NULL', 'PFS', 'HSTS_time', 'heartbleed', 'BREACH', 'LUCKY13']

// Protocols, suites, forward secrecy, the certificate, headers and the known holes; nothing leaves this machine.
const parts = ['-p', '-s', '-f', '-S', '-h', '-U', '--warnings', 'batch', '--nodns', 'none', '--ip', '127.0.0.1']

/** One look. It gives up on a part where a connection is not made in time, and says so; then it has to look again. */
async function look(url: string): Promise<readonly Finding[]> {
  await using dir = await tempDir()
  const report = dir.join('report.json')
  const args = [...parts, '--quiet', '--color', '0', '--jsonfile', report, url]
  await runProgram(program('testssl'), args, { env: cleanEnvironment(), within: 280_000 })
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : []
}

test('testssl.sh finds nothing above LOW in the rehearsed stack but the self-signed certificate', {
  skip: needs('nginx', 'testssl', 'openssl'),
}, async () => {
  await using rehearsal = await rehearse({ site: { tls: 'self-signed', hsts: true } })
  const hasFailed = ({ finding }: Finding) => /connect problem/.test(finding)
  const isComplete = (found: readonly Finding[]) =>
    looked.every((id) => found.some((one) => one.id === id && !hasFailed(one)))
  const first = await look(rehearsal.url)
  const findings = isComplete(first) ? first : await look(rehearsal.url)
  assert.ok(isComplete(findings), `testssl.sh has not looked at everything: ${findings.map(({ id }) => id).join(' ')}`)
  const grave = findings.filter(
    ({ severity, id }) =>
      /MEDIUM|HIGH|CRITICAL|FATAL|WARN/.test(severity) &&
      !selfSigned.test(id) &&
      !(severity === 'WARN' && asksTooEarly.test(id)),
  )
  assert.deepEqual(grave, [])
})
