import assert from 'node:assert/strict'
import test from 'node:test'
import { readNginxBuild } from '../../../src/bundle/nginx-build.ts'
import { findAll, parseNginx } from './parse-nginx.ts'
import { fileOf, full, render } from './site.ts'

const debian = `nginx version: nginx/1.22.1
built with OpenSSL 3.0.20 7 Apr 2026 (running with OpenSSL 3.0.19 27 Jan 2026)
TLS SNI support enabled
configure arguments: --with-http_ssl_module --with-http_gzip_static_module --with-http_realip_module
`

test('what nginx says of itself is read: its version, the OpenSSL it runs with, what it was built with', () => {
  assert.deepEqual(readNginxBuild(debian), { version: '1.22.1', openssl: '3.0.19', gzipStatic: true })
  const same = debian.replace(/ \(running.*\)/, '')
  assert.equal(readNginxBuild(same).openssl, '3.0.20')
  assert.equal(readNginxBuild(debian.replace('--with-http_gzip_static_module', '')).gzipStatic, false)
})

test('of another library, a fork, or no nginx at all nothing is made up', () => {
  assert.equal(readNginxBuild(debian.replace(/built with OpenSSL.*/, 'built with BoringSSL')).openssl, null)
  assert.equal(readNginxBuild(debian.replace('nginx/1.22.1', 'openresty/1.25.3.1')).version, '1.25.3')
  assert.deepEqual(readNginxBuild(''), { version: null, openssl: null, gzipStatic: null })
})

const groups: readonly (readonly [version: string, groups: string])[] = [
  ['1.1.1', 'X25519:prime256v1:secp384r1'],
  ['3.4.9', 'X25519:prime256v1:secp384r1'],
  ['3.5.0', 'X25519MLKEM768:X25519:prime256v1:secp384r1'],
  ['4.0.0', 'X25519MLKEM768:X25519:prime256v1:secp384r1'],
]
for (const [opensslVersion, expected] of groups) {
  test(`with OpenSSL ${opensslVersion} keys are exchanged by ${expected}`, () => {
    const site = parseNginx(fileOf(render({ ...full, opensslVersion }), 'sites-available/shop.conf'))
    assert.deepEqual(
      findAll(site, 'ssl_ecdh_curve').map(({ words }) => words[1]),
      [expected],
    )
  })
}
