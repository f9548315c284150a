import assert from 'node:assert/strict'
import test from 'node:test'
import { renderBundle } from '../../../../src/bundle/render.ts'
import { setupFrom } from '../../../../src/deploy/inspect/setup-from-files.ts'
import { relations } from '../../../../src/deploy/relations/table.ts'
import { completeAnswers, type SiteAnswers } from '../../../../src/settings/site-table.ts'

/** What is wrong with the files that are rendered from answers. */
function wrong(given: Partial<SiteAnswers>): readonly string[] {
  const answers = completeAnswers({
    name: 'demo',
    domain: ['demo.example'],
    app: './app.js',
    workingDirectory: '/srv/demo',
    ...given,
  })
  const files = new Map(renderBundle(answers).map(({ path, content }) => [`/${path}`, content]))
  const setup = setupFrom({
    ...{ answers, again: 'again', root: '', text: (path: string) => files.get(path) ?? null },
    nginxFiles: new Map([...files].filter(([path]) => path.startsWith('/etc/nginx/'))),
    units: [...files].filter(([path]) => path.startsWith('/etc/systemd/system/')),
  })
  const judged = relations.filter(({ exempt }) => (exempt?.(answers) ?? null) === null)
  return judged.flatMap(({ key, judge }) => {
    const { ok, expected, found } = judge(setup)
    return ok ? [] : [`${key}: expected ${expected}, found ${found}`]
  })
}

const sites: readonly Partial<SiteAnswers>[] = [
  {},
  { tls: 'off', securityHeaders: false, rateLimit: 0, memory: 'off', maxBody: 0 },
  {
    tls: 'letsencrypt',
    email: 'a@demo.example',
    hsts: true,
    logs: 'files',
    domain: ['demo.example', '*.demo.example'],
  },
  {
    cdn: 'cloudflare',
    logs: 'files',
    nginxLogDirectory: '/srv/logs',
    stateDirectory: '/srv/state',
    logDirectory: '/srv/log',
  },
  { nginxLogDirectory: '/srv/logs' },
  { nginxVersion: '1.26.3', systemdVersion: 257, nginxLayout: 'conf.d', opensslVersion: '3.5.0', ipv6: false },
  { workingDirectory: '/home/you/my app 100%', node: '/home/you/n ode/bin/node', memory: 2 * 1024 ** 3, workers: 64 },
  {
    static: [
      { prefix: '/static/', directory: '/srv/demo/static' },
      { prefix: '/', directory: '/srv/b' },
    ],
    accessLogFormat: 'json',
  },
  {
    httpListen: '127.0.0.1:8080',
    httpsListen: '127.0.0.1:8443',
    httpsPort: 8443,
    user: 'a',
    group: 'b',
    nginxGroup: 'nginx',
  },
]

for (const given of sites) {
  test(`what is rendered fits together: ${JSON.stringify(given)}`, () => {
    assert.deepEqual(wrong(given), [])
  })
}

test('keys are short, different, and told in a sentence', () => {
  assert.equal(new Set(relations.map(({ key }) => key)).size, relations.length)
  for (const { key, why, title } of relations) {
    assert.match(key, /^[a-z0-9-]+$/)
    assert.match(why, /\.$/)
    assert.doesNotMatch(title, /\.$/)
  }
})
