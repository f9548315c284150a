import assert from 'node:assert/strict'
import test from 'node:test'
import { type SiteAnswers, siteRow } from '../../../src/settings/site-table.ts'

type Name = keyof SiteAnswers

const read = (name: Name, text: string) => siteRow(name).kind.parse(text)

const accepted: readonly (readonly [name: Name, text: string, value: unknown])[] = [
  ['name', 'shop', 'shop'],
  ['name', 'my-shop-2', 'my-shop-2'],
  ['domain', 'Example.COM', ['example.com']],
  ['domain', 'example.com, www.example.com', ['example.com', 'www.example.com']],
  ['domain', '*.example.com', ['*.example.com']],
  ['domain', 'localhost', ['localhost']],
  ['domain', 'xn--bcher-kva.example', ['xn--bcher-kva.example']],
  ['domain', `${'a'.repeat(63)}.example`, [`${'a'.repeat(63)}.example`]],
  ['user', '_app', '_app'],
  ['workers', '512', 512],
  ['email', 'first.last+tag@mail.example.com', 'first.last+tag@mail.example.com'],
  ['static', '/assets=/srv/app/public', [{ prefix: '/assets/', directory: '/srv/app/public' }]],
  ['static', '/assets/=public', [{ prefix: '/assets/', directory: 'public' }]],
  ['static', '/a/=/srv/x=y, z', [{ prefix: '/a/', directory: '/srv/x=y, z' }]],
  ['maxBody', '64m', 64 * 1024 ** 2],
  ['httpListen', '8080', '8080'],
  ['httpListen', '127.0.0.1:8080', '127.0.0.1:8080'],
  ['httpListen', '[::1]:8080', '[::1]:8080'],
  ['nginxVersion', '1.29.8', '1.29.8'],
  ['workingDirectory', '/srv/my app', '/srv/my app'],
  ['workingDirectory', './app', './app'],
  ['runtimeDirectory', `/${'a'.repeat(93)}`, `/${'a'.repeat(93)}`],
  ['healthPath', '/health?deep=1', '/health?deep=1'],
  ['memory', '80%', '80%'],
  ['memory', '2g', 2 * 1024 ** 3],
  ['memory', 'off', 'off'],
  ['rateLimit', 'off', 'off'],
  ['rateLimit', '20', 20],
  ['credentials', 'database-password, session.key', ['database-password', 'session.key']],
  ['trustedProxies', '10.0.0.0/8,2001:db8::1', ['10.0.0.0/8', '2001:db8::1']],
  ['opensslVersion', '3.5.1', '3.5.1'],
]

for (const [name, text, value] of accepted) {
  test(`${name} takes ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.deepEqual(read(name, text), { ok: true, value })
  })
}

const refused: readonly (readonly [name: Name, text: string, problem: RegExp])[] = [
  ['name', '', /shape/],
  ['name', 'Shop', /shape/],
  ['name', '1shop', /shape/],
  ['name', 'shop-', /shape/],
  ['name', 'a--b', /shape/],
  ['name', 'a'.repeat(32), /shape/],
  ['name', 'nginx', /the system uses that name/],
  ['name', 'tsicorn', /tsicorn keeps what it knows of all sites under that name/],
  ['name', 'systemd-timesyncd', /the system uses that name/],
  ['domain', 'a.test;return 301 https://evil.test$request_uri', /";" is not allowed/],
  ['domain', 'a; } include /etc/nginx/mime.types; server { server_name b', /";" is not allowed/],
  ['domain', 'a; error_log /etc/cron.d/x', /";" is not allowed/],
  ['domain', '~^(?<x>.+)$', /regular expressions and variables/],
  ['domain', '$hostname', /regular expressions and variables/],
  ['domain', '*', /wildcard stands alone/],
  ['domain', '*.com', /wildcard needs a domain/],
  ['domain', 'a.*.example', /wildcard stands alone/],
  ['domain', 'a.test\nb.test', /control character U\+000A at position 7/],
  ['domain', '\u001b[2J', /control character U\+001B at position 1/],
  ['domain', 'bücher.example', /xn--bcher-kva\.example/],
  ['domain', `${'a'.repeat(64)}.example`, /64 characters, 63/],
  ['domain', `${'a.'.repeat(126)}ab`, /254 characters/],
  ['domain', '-a.test', /hyphen/],
  ['domain', 'a-.test', /hyphen/],
  ['domain', 'a..b', /two dots/],
  ['domain', 'a.test.', /final dot/],
  ['domain', '', /empty/],
  ['domain', 'a_b.test', /"_" is not allowed/],
  ['domain', '192.0.2.7', /address or number/],
  ['domain', '[::1]', /"\[" is not allowed/],
  ['domain', 'example.com:8080', /":" is not allowed/],
  ['domain', 'xn--a.example', /Punycode/],
  ['domain', 'a.test,A.test', /twice/],
  ['static', '/s/=/srv/app; autoindex on', /";" is not allowed/],
  ['static', '/s/=/srv/$http_x', /"\$" is not allowed/],
  ['static', '/s/=/', /not for the world/],
  ['static', '/s/=/etc', /not for the world/],
  ['static', '/s/=/etc/ssl', /not for the world/],
  ['static', '/s/=/root/app', /not for the world/],
  ['static', '/s/=~', /expanded by shells/],
  ['static', '/s/=..', /has \.\. in it/],
  ['static', '/s/=/srv/../etc', /has \.\. in it/],
  ['static', '/s/=', /empty/],
  ['static', '/=/srv/x', /hide the application/],
  ['static', 's/=/srv/x', /begins with/],
  ['static', '/s {/=/srv/x', /begins with/],
  ['static', '/.git/=/srv/x', /begins with a dot/],
  ['static', '/srv/x', /no =/],
  ['runtimeDirectory', '/run/app.sock; server 10.0.0.1:80', /";" is not allowed/],
  ['runtimeDirectory', `/${'a'.repeat(94)}`, /95 bytes, 94/],
  ['runtimeDirectory', 'run/app', /begin with/],
  ['runtimeDirectory', '/tmp', /every user may write/],
  ['workingDirectory', '/srv/x\n[Service]\nUser=root', /control character U\+000A/],
  ['workingDirectory', '/srv/x\\', /"\\" is not allowed/],
  ['workingDirectory', '/srv/x/', /write it as \/srv\/x$/],
  ['workingDirectory', '/srv//x', /write it as \/srv\/x$/],
  ['workingDirectory', '/srv/\u202ex', /"\\u202e" is not allowed/],
  ['workingDirectory', '/srv/x ', /space/],
  ['app', 'a`b.js', /"`" is not allowed/],
  ['app', '', /empty/],
  ['user', 'root', /superuser/],
  ['user', '0', /not the number/],
  ['user', '1000', /not the number/],
  ['user', 'no such user!', /not a legal user name/],
  ['user', 'nobody', /shared by unrelated/],
  ['group', 'root', /superuser/],
  ['logDirectory', '/var/log/x { } /etc/passwd', /"\{" is not allowed/],
  ['logDirectory', '/var/log/x\n postrotate', /control character/],
  ['logDirectory', '/var/log/*', /"\*" is not allowed/],
  ['workers', '0', /^$/],
  ['workers', '1e3', /^$/],
  ['workers', '0x10', /^$/],
  ['email', 'a@b', /shape/],
  ['email', 'a@b.test -d evil.test', /shape/],
  ['email', '-m@b.test\n', /control/],
  ['httpListen', '65536', /65535/],
  ['httpListen', '80 default_server', /shape/],
  ['httpListen', '999.0.0.1:80', /IPv4/],
  ['httpListen', '[::g]:80', /IPv6/],
  ['httpListen', 'unix:/x', /shape/],
  ['nginxVersion', '1.17.9', /too old/],
  ['nginxVersion', 'latest', /shape/],
  ['healthPath', 'health', /begins with/],
  ['healthPath', '/a b', /percent-encoded/],
  ['healthPath', "/a'b", /percent-encoded/],
  ['maxBody', '10 m', /^$/],
  ['memory', '9%', /^$/],
  ['memory', '1000%', /^$/],
  ['memory', '1m', /^$/],
  ['credentials', '.hidden', /shape/],
  ['credentials', 'a,a', /twice/],
  ['opensslVersion', '3.5', /shape/],
]

for (const [name, text, problem] of refused) {
  test(`${name} refuses ${JSON.stringify(text.slice(0, 60))} and says why`, () => {
    const reading = read(name, text)
    assert.equal(reading.ok, false)
    if (!reading.ok) assert.match(reading.problem, problem)
  })
}

test('a kind takes back what it writes', () => {
  for (const [name, , value] of accepted) {
    const { kind } = siteRow(name)
    assert.deepEqual(kind.accept(value), { ok: true, value }, name)
    assert.deepEqual(kind.parse(kind.format(value)), { ok: true, value }, name)
  }
})

test('static directories of a file may be written as objects, and nothing else may', () => {
  const { kind } = siteRow('static')
  const object = { prefix: '/a', directory: '/srv/x' }
  assert.deepEqual(kind.accept([object]), { ok: true, value: [{ prefix: '/a/', directory: '/srv/x' }] })
  for (const value of [[{ ...object, alias: 1 }], [{ prefix: '/a' }], [3], [null], 'x']) {
    assert.equal(kind.accept(value).ok, false, JSON.stringify(value))
  }
})
