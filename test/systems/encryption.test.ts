import assert from 'node:assert/strict'
import { onEveryRelease } from './on-every-release.ts'
import { domain, visit } from './site.ts'
import type { System } from './system.ts'

onEveryRelease(
  'TLS at nginx',
  { app: 'obedient' },
  {
    'versions 1.2 and 1.3 are spoken, older ones are not': async (system) => {
      assert.match(await handshake(system, '-tls1_3'), /Protocol *: TLSv1\.3|New, TLSv1\.3/)
      assert.match(await handshake(system, '-tls1_2'), /Protocol *: TLSv1\.2|New, TLSv1\.2/)
      for (const old of ['-tls1_1', '-tls1']) {
        const answer = await handshake(system, old, '-cipher', 'ALL:@SECLEVEL=0')
        assert.match(answer, /alert protocol version/, old)
      }
    },
    'the certificate is for the domain of the site': async (system) => {
      const input = await handshake(system, '-showcerts')
      const named = await system.visit('openssl', ['x509', '-noout', '-checkhost', domain], { input })
      assert.match(named.stdout, new RegExp(`Hostname ${domain} does match certificate`))
      const other = await system.visit('openssl', ['x509', '-noout', '-checkhost', 'other.test'], { input })
      assert.match(other.stdout, /does NOT match/)
    },
    'a browser gets HTTP/2': async (system) => {
      const { headers, status } = await visit(system, '/', ['--http2'])
      assert.equal(status, 200)
      assert.match(headers, /^HTTP\/2 200/)
    },
    'who comes by http is sent to https': async (system) => {
      const { status, headers } = await visit(system, `http://${domain}/entries?x=1`)
      assert.ok(status === 301 || status === 308, `${status}`)
      assert.match(headers, new RegExp(`^location: https://${domain}/entries\\?x=1\r$`, 'im'))
    },
    'a name that is not the site’s gets no certificate and no page': async (system) => {
      const resolve = ['--resolve', 'other.test:443:127.0.0.1', '--resolve', 'other.test:80:127.0.0.1']
      assert.equal((await visit(system, 'https://other.test/', resolve)).status, 0)
      assert.equal((await visit(system, 'http://other.test/', resolve)).status, 0)
    },
    'the client’s address reaches the application, a forged one does not': async (system) => {
      const { body } = await visit(system, '/', [
        '-H',
        'X-Forwarded-For: 203.0.113.9',
        '-H',
        'Forwarded: for=203.0.113.9',
      ])
      assert.match(body, /"from":"127\.0\.0\.1","encrypted":true/)
    },
  },
)

async function handshake(system: System, ...flags: readonly string[]): Promise<string> {
  const words = ['s_client', '-connect', '127.0.0.1:443', '-servername', domain, ...flags]
  const { stdout, stderr } = await system.visit('openssl', words)
  return stdout + stderr
}
