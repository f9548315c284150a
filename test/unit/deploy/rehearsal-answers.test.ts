import assert from 'node:assert/strict'
import test from 'node:test'
import { placesOf } from '../../../src/bundle/places.ts'
import { renderBundle } from '../../../src/bundle/render.ts'
import { rehearsalAnswers, type Stage } from '../../../src/deploy/rehearsal-answers.ts'
import { completeAnswers, type SiteAnswers } from '../../../src/settings/site-table.ts'

const stage: Stage = {
  scratch: '/tmp/tsicorn-abc',
  ports: { http: 8080, https: 8443 },
  workingDirectory: '/home/me/shop',
  nginx: { version: '1.22.1', openssl: '3.0.19', gzipStatic: true },
  ipv6: false,
}

const site = (given: Partial<SiteAnswers> = {}) =>
  completeAnswers({
    name: 'shop',
    domain: ['shop.example'],
    static: [
      { prefix: '/assets/', directory: '/srv/shop/public' },
      { prefix: '/media/', directory: '/mnt/media' },
    ],
    ...given,
  })

test('nothing of a rehearsal is outside the scratch folder and the project', () => {
  const answers = rehearsalAnswers(site(), stage)
  const moved = ['certificate', 'certificateKey', 'runtimeDirectory', 'configDirectory', 'stateDirectory'] as const
  for (const name of moved) assert.match(answers[name], /^\/tmp\/tsicorn-abc\//)
  for (const name of ['logDirectory', 'nginxLogDirectory', 'acmeDirectory'] as const) {
    assert.match(answers[name], /^\/tmp\/tsicorn-abc\//)
  }
  assert.equal(answers.workingDirectory, '/home/me/shop')
  const nginxSite = renderBundle(answers).find(({ path }) => path.endsWith('sites-available/shop.conf'))
  assert.doesNotMatch(nginxSite?.content ?? '', /\s\/(?:etc|var|run|srv)\//)
})

for (const supervisor of ['supervisord', 'docker'] as const) {
  test(`a rehearsal starts the server itself that ${supervisor} starts on the host, and reads its log and nginx's`, () => {
    const answers = rehearsalAnswers(site({ supervisor, memory: 'off' }), stage)
    assert.equal(answers.logs, 'journal')
    assert.equal(placesOf(answers).accessLog, '/tmp/tsicorn-abc/log/shop.access.log')
    const config = renderBundle(answers).find(({ path }) => path.endsWith('tsicorn.config.json'))
    assert.equal(JSON.parse(config?.content ?? '{}').errorLogfile, undefined)
  })
}

test('static files of the project move with it, others stay where they are', () => {
  assert.deepEqual(rehearsalAnswers(site(), stage).static, [
    { prefix: '/assets/', directory: '/home/me/shop/public' },
    { prefix: '/media/', directory: '/mnt/media' },
  ])
})

test('the site answers to its own names and to localhost, once', () => {
  assert.deepEqual(rehearsalAnswers(site(), stage).domain, ['shop.example', 'localhost'])
  assert.deepEqual(rehearsalAnswers(site({ domain: ['localhost'] }), stage).domain, ['localhost'])
})

test('what the site is stays as it was answered', () => {
  const given = { workers: 5, maxBody: 4096, hsts: true, tls: 'letsencrypt', healthPath: '/up' } as const
  const answers = rehearsalAnswers(site(given), stage)
  for (const [name, value] of Object.entries(given)) assert.equal(answers[name as keyof SiteAnswers], value)
})

test('the site is written for the nginx that is here, and for the one on the host where there is none', () => {
  assert.equal(rehearsalAnswers(site({ nginxVersion: '1.27.0' }), stage).nginxVersion, '1.22.1')
  const without = rehearsalAnswers(site({ nginxVersion: '1.27.0' }), { ...stage, nginx: null })
  assert.equal(without.nginxVersion, '1.27.0')
})

test('addresses are those of this machine alone', () => {
  const answers = rehearsalAnswers(site(), stage)
  assert.equal(answers.httpListen, '127.0.0.1:8080')
  assert.equal(answers.httpsListen, '127.0.0.1:8443')
  assert.equal(answers.httpsPort, 8443)
})
