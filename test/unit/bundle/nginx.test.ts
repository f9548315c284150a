import assert from 'node:assert/strict'
import test from 'node:test'
import { renderCheckWrapper } from '../../../src/bundle/render.ts'
import type { SiteAnswers } from '../../../src/settings/site-table.ts'
import { type Directive, findAll, parseNginx, skeleton } from './parse-nginx.ts'
import { fileOf, full, render } from './site.ts'

const parse = (given: Partial<SiteAnswers> = {}) =>
  parseNginx(fileOf(render({ ...full, ...given }), 'sites-available/shop.conf'))
const values = (directives: readonly Directive[], name: string) =>
  findAll(directives, name).map(({ words }) => words.slice(1).join(' '))
const serverOf = (directives: readonly Directive[], listen: string) => {
  const found = findAll(directives, 'server').filter((server) => values(server.block ?? [], 'listen').includes(listen))
  assert.equal(found.length, 1, `one server listens on ${listen}`)
  return found[0]?.block ?? []
}

const nginx = parse()
const headersFile = '/etc/nginx/tsicorn/shop/headers.conf'
const site = serverOf(nginx, '443 ssl http2')
const redirect = serverOf(nginx, '80')

test('http leads to https, after the certificate authority has had its look', () => {
  const locations = findAll(redirect, 'location')
  assert.deepEqual(
    locations.map(({ words }) => words.slice(1).join(' ')),
    ['^~ /.well-known/acme-challenge/', '/'],
  )
  assert.deepEqual(values(redirect, 'return'), ['301 https://$host$request_uri'])
})

test('a port other than 443 is part of the address visitors are sent to', () => {
  const moved = parse({ httpListen: '8080', httpsListen: '8443', httpsPort: 8443 })
  assert.deepEqual(values(serverOf(moved, '8080'), 'return'), ['301 https://$host:8443$request_uri'])
})

test('without TLS there is one server, and it speaks http', () => {
  const bare = parse({ tls: 'off', hsts: false, defaultServer: false })
  assert.equal(findAll(bare, 'server').filter(({ block }) => block !== null).length, 1)
  assert.deepEqual(values(bare, 'listen'), ['80', '[::]:80'])
  assert.equal(findAll(bare, 'ssl_certificate').length, 0)
})

test('TLS is 1.2 and 1.3, with forward secrecy only', () => {
  assert.deepEqual(values(site, 'ssl_protocols'), ['TLSv1.2 TLSv1.3'])
  const suites = values(site, 'ssl_ciphers').join().split(':')
  assert.equal(suites.length, 6)
  assert.ok(suites.every((suite) => suite.startsWith('ECDHE-')))
})

test('the default server keeps to the same protocols, since it decides them for its address', () => {
  const fallback = serverOf(nginx, '443 ssl default_server')
  assert.deepEqual(values(fallback, 'ssl_protocols'), values(site, 'ssl_protocols'))
})

test('unknown names get no answer and no certificate, when that is asked for', () => {
  assert.deepEqual(values(serverOf(nginx, '80 default_server'), 'return'), ['444'])
  assert.deepEqual(values(serverOf(nginx, '443 ssl default_server'), 'ssl_reject_handshake'), ['on'])
  assert.doesNotMatch(values(parse({ defaultServer: false }), 'listen').join(), /default_server/)
})

test('an nginx that cannot reject a handshake is given the certificate instead', () => {
  const old = serverOf(parse({ nginxVersion: '1.18.0' }), '443 ssl default_server')
  assert.equal(findAll(old, 'ssl_reject_handshake').length, 0)
  assert.equal(findAll(old, 'ssl_certificate').length, 1)
  assert.deepEqual(values(old, 'return'), ['444'])
})

const spellings: readonly (readonly [version: string, listen: string, directive: readonly string[]])[] = [
  ['1.18.0', '443 ssl http2', []],
  ['1.25.0', '443 ssl http2', []],
  ['1.25.1', '443 ssl', ['on']],
  ['1.29.8', '443 ssl', ['on']],
]
for (const [nginxVersion, listen, directive] of spellings) {
  test(`HTTP/2 is spelled as nginx ${nginxVersion} wants it`, () => {
    const server = serverOf(parse({ nginxVersion }), listen)
    assert.deepEqual(values(server, 'http2'), directive)
  })
}

test('tickets are off where nginx would never change their key', () => {
  assert.deepEqual(values(parse({ nginxVersion: '1.23.1' }), 'ssl_session_tickets'), ['off'])
  assert.deepEqual(values(parse({ nginxVersion: '1.23.2' }), 'ssl_session_tickets'), [])
})

test('each header for the application is set once, from what nginx itself knows', () => {
  const headers = findAll(nginx, 'proxy_set_header').map(({ words }) => words.slice(1))
  assert.equal(new Set(headers.map(([name]) => name?.toLowerCase())).size, headers.length)
  const byName = Object.fromEntries(headers)
  assert.equal(byName['Host'], '$host')
  assert.equal(byName['X-Forwarded-For'], '$remote_addr')
  assert.equal(byName['X-Forwarded-Proto'], '$scheme')
  assert.equal(byName['Forwarded'], '')
  assert.equal(byName['Proxy'], '')
  assert.equal(JSON.stringify(headers).includes('$proxy_add'), false)
  assert.equal(JSON.stringify(headers).includes('$http_host'), false)
})

test('a location with a header of its own includes those of the server again, and changes none for the application', () => {
  const own = findAll(nginx, 'location').filter(({ block }) => findAll(block ?? [], 'add_header').length > 0)
  assert.equal(own.length, 1)
  for (const { block } of own) assert.deepEqual(values(block ?? [], 'include'), [headersFile])
  for (const { block } of findAll(nginx, 'location')) assert.equal(findAll(block ?? [], 'proxy_set_header').length, 0)
})

test('a static directory cannot be left, and its hidden files are not served', () => {
  const served = findAll(nginx, 'location').filter(({ block }) => findAll(block ?? [], 'alias').length > 0)
  for (const location of served) {
    assert.match(location.words.join(' '), /^location \^~ \/.*\/$/)
    assert.match(values(location.block ?? [], 'alias').join(), /\/$/)
    const isOurs = findAll(location.block ?? [], 'internal').length > 0
    if (!isOurs) assert.deepEqual(values(location.block ?? [], 'return'), ['404'])
  }
})

test('an if does nothing but return', () => {
  for (const { block } of findAll(nginx, 'if')) assert.match(skeleton(block ?? []), /^return\/2$/)
})

test('connections to the workers are kept: no header closes them', () => {
  const [connection] = findAll(nginx, 'map').filter(({ words }) => words[2] === '$shop_connection')
  assert.deepEqual(
    connection?.block?.map(({ words }) => words),
    [
      ['default', 'upgrade'],
      ['', ''],
    ],
  )
  assert.deepEqual(values(site, 'proxy_http_version'), ['1.1'])
})

test('nginx does not tell its version', () => {
  const servers = findAll(nginx, 'server').filter(({ block }) => block !== null)
  assert.equal(servers.length, 4)
  for (const { block } of servers) assert.deepEqual(values(block ?? [], 'server_tokens'), ['off'])
})

test('everything nginx shares among sites is called after its site', () => {
  const shared = [
    ...findAll(nginx, 'upstream').map(({ words }) => words[1]),
    ...findAll(nginx, 'zone').map(({ words }) => words[1]),
    ...findAll(nginx, 'geo').map(({ words }) => words.at(-1)),
    ...findAll(nginx, 'limit_req_zone').map(({ words }) => words[2]?.replace('zone=', '')),
    ...findAll(nginx, 'map').map(({ words }) => words[2]),
    ...findAll(nginx, 'log_format').map(({ words }) => words[1]),
    ...findAll(nginx, 'ssl_session_cache').map(({ words }) => words[1]?.split(':')[1]),
  ]
  assert.equal(shared.length, 15)
  for (const name of shared) assert.match(String(name), /^\$?shop_/)
})

test('a name with hyphens makes names nginx accepts', () => {
  const files = render({ ...full, name: 'my-shop' })
  const names = findAll(parseNginx(fileOf(files, 'sites-available/my-shop.conf')), 'map').map(({ words }) => words[2])
  for (const name of names) assert.match(name ?? '', /^\$my_shop_\w+$/)
})

const families: readonly (readonly [listen: string, ipv6: boolean, expected: readonly string[]])[] = [
  ['80', true, ['80', '[::]:80']],
  ['80', false, ['80']],
  ['127.0.0.1:80', true, ['127.0.0.1:80', '[::1]:80']],
  ['0.0.0.0:80', true, ['0.0.0.0:80', '[::]:80']],
  ['192.0.2.7:80', true, ['192.0.2.7:80']],
  ['[2001:db8::7]:80', true, ['[2001:db8::7]:80']],
]
for (const [httpListen, ipv6, expected] of families) {
  test(`listening on ${httpListen} ${ipv6 ? 'with' : 'without'} IPv6 is ${expected.join(' and ')}`, () => {
    assert.deepEqual(
      values(parse({ tls: 'off', hsts: false, defaultServer: false, httpListen, ipv6 }), 'listen'),
      expected,
    )
  })
}

test('the wrapper writes below its scratch directory only', () => {
  const wrapper = parseNginx(
    renderCheckWrapper({ site: '/x/site.conf', scratch: '/scratch dir', user: null, foreground: true }),
  )
  const written = [
    'pid',
    'error_log',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path`),
  ]
  for (const name of written) assert.match(values(wrapper, name).join(), /^\/scratch dir\/[\w.-]+$/, name)
  assert.deepEqual(values(wrapper, 'include'), ['/x/site.conf'])
  assert.deepEqual(values(wrapper, 'daemon'), ['off'])
  assert.equal(findAll(wrapper, 'user').length, 0)
})

test('the wrapper names the user when root starts it', () => {
  const user = { name: 'www-data', group: 'adm' }
  const wrapper = parseNginx(renderCheckWrapper({ site: '/x', scratch: '/y', user, foreground: false }))
  assert.deepEqual(values(wrapper, 'user'), ['www-data adm'])
  assert.equal(findAll(wrapper, 'daemon').length, 0)
})
