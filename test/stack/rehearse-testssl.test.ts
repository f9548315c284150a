import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
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

for (const proxy of ['nginx'] as const) {
  test(`testssl.sh finds nothing above LOW in the rehearsed stack behind ${proxy} that does not compress but the self-signed certificate`, {
    skip: needs(proxy, 'testssl', 'openssl'),
  }, async () => {
    await using dir = await tempDir()
    await using rehearsal = await rehearse({ site: { proxy, tls: 'self-signed', compression: false } })
    const report = dir.join('report.json')
    // Compressed answers are a finding of their own (BREACH), which the answer `compression` is about.
    // Protocols, suites, forward secrecy, the certificate, and the known holes; nothing leaves this machine.
    const parts = ['-p', '-s', '-f', '-S', '-U', '--warnings', 'batch', '--nodns', 'none', '--ip', '127.0.0.1']
    const args = [...parts, '--quiet', '--color', '0', '--jsonfile', report, rehearsal.url]
    await runProgram(program('testssl'), args, { env: cleanEnvironment(), within: 300_000 })
    const findings: readonly Finding[] = JSON.parse(readFileSync(report, 'utf8'))
    assert.ok(findings.some(({ id }) => id === 'TLS1_3') && findings.some(({ id }) => id === 'heartbleed'))
    const grave = findings.filter(
      ({ severity, id }) => /MEDIUM|HIGH|CRITICAL|FATAL|WARN/.test(severity) && !selfSigned.test(id),
    )
    assert.deepEqual(grave, [])
  })
}
