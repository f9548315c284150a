import assert from 'node:assert/strict'
import test from 'node:test'
import { accountRemarks } from '../../../../src/cli/init/accounts.ts'
import { frameworkOf } from '../../../../src/cli/init/detect-project.ts'
import { nameRemarks } from '../../../../src/cli/init/names.ts'
import { completeAnswers } from '../../../../src/settings/site-table.ts'

const accounts = [
  { name: 'toor', uid: 0, shell: '/bin/sh' },
  { name: 'ann', uid: 1000, shell: '/bin/bash' },
  { name: 'shop', uid: 998, shell: '/usr/sbin/nologin' },
  { name: 'www-data', uid: 33, shell: '/usr/sbin/nologin' },
]
const cases: readonly (readonly [user: string, remark: RegExp | null])[] = [
  ['toor', /superuser by another name/],
  ['ann', /a person's account/],
  ['shop', null],
  ['new', null],
  ['www-data', /whom nginx runs as/],
]
for (const [user, remark] of cases) {
  test(`of a user ${user} one hears ${remark === null ? 'nothing' : String(remark)}`, () => {
    const said = accountRemarks(completeAnswers({ user }), accounts).join('\n')
    if (remark === null) assert.equal(said, '')
    else assert.match(said, remark)
  })
}

const site = completeAnswers({ domain: ['a.example.com', 'b.example.com'] })

test('names that lead elsewhere, or nowhere, are told before a certificate is asked for', async () => {
  const addresses = { 'a.example.com': ['192.0.2.1'], 'b.example.com': 'none' } as const
  const said = await nameRemarks(site, async (name) => addresses[name as keyof typeof addresses], ['198.51.100.1'])
  assert.equal(said.length, 2)
  assert.match(said[0] ?? '', /a\.example\.com leads to 192\.0\.2\.1/)
  assert.match(said[1] ?? '', /b\.example\.com has no address yet/)
})

test('names that lead here, or of which nothing is known, are no reason for words', async () => {
  assert.deepEqual(await nameRemarks(site, async () => ['198.51.100.1'], ['198.51.100.1']), [])
  assert.deepEqual(await nameRemarks(site, async () => 'unknown', []), [])
  assert.deepEqual(await nameRemarks({ ...site, cdn: 'fastly' }, async () => 'none', []), [])
})

test('the framework that says most about an application is named', () => {
  assert.equal(frameworkOf({ dependencies: { express: '^5.1.0', '@nestjs/core': '^11' } }), '@nestjs/core ^11')
  assert.equal(frameworkOf({ dependencies: { lodash: '1' } }), null)
  assert.equal(frameworkOf({ dependencies: null }), null)
})
