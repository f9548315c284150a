import assert from 'node:assert/strict'
import test from 'node:test'
import { formatComplaint } from '../../../src/settings/complaint.ts'
import { fileSource } from '../../../src/settings/file-source.ts'
import {
  chosenAnswers,
  presentAnswers,
  readSite,
  settleAnswers,
  writeSite,
} from '../../../src/settings/site-answers.ts'
import { completeAnswers, type SiteAnswers, siteTable } from '../../../src/settings/site-table.ts'

const settle = (given: Readonly<Record<string, unknown>>, directory: string | null = '/work') =>
  settleAnswers([fileSource('test', given)], directory)
const complaints = (given: Readonly<Record<string, unknown>>, directory: string | null = '/work') => {
  const settled = settle(given, directory)
  return settled.ok ? [] : settled.complaints.map(formatComplaint)
}
const answersOf = (given: Readonly<Record<string, unknown>>): SiteAnswers => {
  const settled = settle(given)
  assert.ok(settled.ok)
  return settled.answers
}

test('what is not given follows from the name of the site', () => {
  const answers = completeAnswers({ name: 'shop' })
  assert.equal(answers.user, 'shop')
  assert.equal(answers.group, 'shop')
  assert.equal(answers.runtimeDirectory, '/run/shop')
  assert.equal(answers.certificate, '/etc/shop/tls/fullchain.pem')
  assert.equal(answers.stateDirectory, '/var/lib/shop')
})

test('a default follows from what was given, not from another default', () => {
  const answers = completeAnswers({ name: 'shop', user: 'web', configDirectory: '/opt/conf' })
  assert.equal(answers.group, 'web')
  assert.equal(answers.certificateKey, '/opt/conf/tls/privkey.pem')
})

test('no default is left with a brace in it', () => {
  assert.doesNotMatch(JSON.stringify(completeAnswers({ static: [] })), /\{\w+\}/)
})

const signers: readonly (readonly [domain: readonly string[], tls: string])[] = [
  [['shop.example.com'], 'letsencrypt'],
  [['shop.example'], 'self-signed'],
  [['localhost'], 'self-signed'],
  [['intranet'], 'self-signed'],
  [['printer.local'], 'self-signed'],
  [['example.com', '*.example.com'], 'self-signed'],
]
for (const [domain, tls] of signers) {
  test(`the certificate of ${domain.join(' and ')} is ${tls} by default`, () => {
    assert.equal(completeAnswers({ domain }).tls, tls)
  })
}

test('relative paths are taken from the working directory, and that from the project', () => {
  const answers = answersOf({ workingDirectory: 'web', static: ['/a/=public'], certificate: './tls/c.pem' })
  assert.equal(answers.workingDirectory, '/work/web')
  assert.deepEqual(answers.static, [{ prefix: '/a/', directory: '/work/web/public' }])
  assert.equal(answers.certificate, '/work/web/tls/c.pem')
})

test('in a site.json, where nothing says what they are relative to, relative paths are refused', () => {
  assert.match(complaints({ workingDirectory: 'web' }, null).join(), /expected absolute paths, got web/)
})

const broken: readonly (readonly [title: string, given: Partial<SiteAnswers>, complaint: RegExp])[] = [
  [
    'certificate files that are not named',
    { tls: 'files' },
    /certificate and certificateKey with tls files, got no certificate/,
  ],
  [
    'a certificate without its key',
    { tls: 'files', certificate: '/x/c.pem' },
    /certificate and certificateKey with tls files, got no certificateKey/,
  ],
  ['an authority for a wildcard', { tls: 'letsencrypt', domain: ['*.example.com'] }, /with a wildcard/],
  [
    'an authority for a private name',
    { tls: 'letsencrypt', domain: ['a.example.com', 'b.test'] },
    /public names .* b\.test/,
  ],
  ['HSTS without TLS', { tls: 'off', hsts: true }, /hsts only with TLS/],
  ['one address for http and https', { httpListen: '8443', httpsListen: '8443' }, /two addresses/],
  [
    'serving the application itself as static files',
    { workingDirectory: '/srv/app', static: [{ prefix: '/a/', directory: '/srv/app' }] },
    /which holds all of it/,
  ],
  [
    'serving a directory above the application',
    { workingDirectory: '/data/app/current', static: [{ prefix: '/a/', directory: '/data/app' }] },
    /which holds all of it/,
  ],
]
for (const [title, given, complaint] of broken) {
  test(`${title}: refused`, () => {
    assert.match(complaints(given).join('\n'), complaint)
  })
}

test('a directory whose name begins like that of the application is another one', () => {
  assert.deepEqual(complaints({ workingDirectory: '/srv/app-two', static: ['/a/=/srv/app'] }), [])
})

test('while questions are open, no rule is asked', () => {
  assert.equal(presentAnswers([fileSource('test', { tls: 'files' })], '/work').ok, true)
})

test('every complaint comes at once, with its place, also about names nobody knows', () => {
  const found = complaints({ name: 'Shop', wokers: 3, workers: 0 })
  assert.equal(found.length, 3)
  assert.match(found.join('\n'), /test: name: .*\n.*wokers: .*did you mean workers\?\n.*workers: /s)
})

test('site.json reads back to the answers it was written from', () => {
  const answers = answersOf({ name: 'shop', static: ['/a/=/srv/x'], healthPath: '/health', maxBody: '1m' })
  const settled = readSite(JSON.parse(writeSite(answers)), 'site.json')
  assert.deepEqual(settled, { ok: true, answers })
})

test('site.json holds every answer of the table, in its order', () => {
  assert.deepEqual(Object.keys(JSON.parse(writeSite(completeAnswers({})))), Object.keys(siteTable))
})

for (const value of [null, 3, 'x', [], [{}]]) {
  test(`a site.json that holds ${JSON.stringify(value)} is refused`, () => {
    const settled = readSite(value, 'site.json')
    assert.equal(settled.ok, false)
  })
}

test('a new name for a site of before gives it new directories, and keeps what follows from no other answer', () => {
  const before = completeAnswers({ name: 'shop', user: 'web', nginxVersion: '1.22.1', stateDirectory: '/data/x' })
  const after = completeAnswers({ ...chosenAnswers(before), name: 'store' })
  assert.equal(after.runtimeDirectory, '/run/store')
  assert.equal(after.user, 'web')
  assert.equal(after.stateDirectory, '/data/x')
  assert.equal(chosenAnswers(before).nginxVersion, '1.22.1')
})

test('a member called // is a comment, as JSON has no other', () => {
  assert.deepEqual(answersOf({ '//': 'why it is so', name: 'shop' }), answersOf({ name: 'shop' }))
  assert.equal(complaints({ '///': 'why' }).length, 1)
})
