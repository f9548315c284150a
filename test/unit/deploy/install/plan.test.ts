import assert from 'node:assert/strict'
import test from 'node:test'
import { touchedBy } from '../../../../src/deploy/install/step.ts'
import { emptyHost, fileOf, installed, planFor, shop, toldBy } from './site.ts'

const nginxLast = ['nginx -t -q', 'systemctl reload nginx.service']

test('a first deployment makes accounts before directories, files before units, and nginx comes last', () => {
  const { steps, conflicts } = planFor(shop(), emptyHost())
  assert.deepEqual(conflicts, [])
  const kinds = steps.map(({ kind }) => kind).filter((kind, index, all) => kind !== all[index - 1])
  assert.deepEqual(kinds, ['put', 'accounts', 'directories', 'put', 'command'])
  assert.deepEqual(toldBy({ site: '', kind: 'deploy', steps, conflicts, notes: [], afterwards: [] }), [
    'systemctl daemon-reload',
    'systemctl enable shop.socket shop.service',
    'systemctl start shop.socket shop.service',
    ...nginxLast,
  ])
})

test('nothing is to be done where everything is in place', () => {
  const answers = shop({ static: [{ prefix: '/static/', directory: '/srv/shop/a b' }] })
  const { host, state } = installed(answers)
  assert.deepEqual(planFor(answers, host, state).steps, [])
})

const changes: readonly (readonly [string, Parameters<typeof shop>[0], readonly string[]])[] = [
  ['the nginx site alone reloads nginx alone', { maxBody: 2 ** 20 }, nginxLast],
  [
    'more workers renew the sockets under a stopped service, and nginx learns of them last',
    { workers: 7 },
    [
      'systemctl daemon-reload',
      'systemctl stop shop.service',
      'systemctl restart shop.socket',
      'systemctl start shop.service',
      ...nginxLast,
    ],
  ],
  [
    'with fewer workers nginx forgets sockets first, and systemd keeps the others',
    { workers: 1 },
    [...nginxLast, 'systemctl daemon-reload', 'systemctl restart shop.service'],
  ],
  [
    'the unit of the service restarts it',
    { memory: '50%' },
    ['systemctl daemon-reload', 'systemctl restart shop.service'],
  ],
  ['the health path replaces workers', { healthPath: '/healthz' }, ['systemctl reload shop.service']],
]

for (const [title, change, told] of changes) {
  test(`a change does what it needs and no more: ${title}`, () => {
    const { host, state } = installed(shop())
    assert.deepEqual(toldBy(planFor(shop(change), host, state)), told)
  })
}

test('a file that differs only in who wrote it changes no service', () => {
  const { host, state } = installed(shop())
  const path = '/etc/systemd/system/shop.service'
  const wanted = state.current.wanted.find((one) => one.kind === 'file' && one.path === path)
  assert.ok(wanted?.kind === 'file')
  const older = wanted.content.replace(/tsicorn \S+ wrote/, 'tsicorn 0.0.1 wrote')
  assert.notEqual(older, wanted.content)
  const found = new Map([...host.found, [path, fileOf(older, { mode: 0o644, uid: 0, gid: 0 })]])
  const earlier = { ...wanted, content: older }
  const before = {
    ...state,
    current: { ...state.current, wanted: state.current.wanted.map((one) => (one === wanted ? earlier : one)) },
  }
  const plan = planFor(shop(), { ...host, found }, before)
  assert.deepEqual(plan.steps.flatMap(touchedBy), [path])
  assert.deepEqual(toldBy(plan), ['systemctl daemon-reload'])
})

test('an owner or a mode that was changed is put right, and restarts nothing', () => {
  const { host, state } = installed(shop())
  const path = '/etc/shop/tsicorn.config.json'
  const was = host.found.get(path)
  assert.ok(was?.kind === 'file')
  const found = new Map([...host.found, [path, { ...was, mode: 0o666 }]])
  const plan = planFor(shop(), { ...host, found }, state)
  assert.deepEqual(plan.steps.flatMap(touchedBy), [path])
  assert.deepEqual(plan.conflicts, [])
})

test('an edited file is a conflict with all three texts, the environment file never', () => {
  const { host, state } = installed(shop())
  const owner = { mode: 0o644, uid: 0, gid: 0 }
  const site = '/etc/nginx/sites-available/shop.conf'
  const found = new Map([
    ...host.found,
    [site, fileOf('# mine\n', owner)],
    ['/etc/shop/env', fileOf('SECRET=1\n', { ...owner, mode: 0o640 })],
  ])
  const { conflicts } = planFor(shop({ maxBody: 2 ** 20 }), { ...host, found }, state)
  assert.equal(conflicts.length, 1)
  const [conflict] = conflicts
  assert.equal(conflict?.path, site)
  assert.equal(conflict?.found, '# mine\n')
  assert.match(conflict?.installed ?? '', /client_max_body_size 10/)
  assert.match(conflict?.wanted ?? '', /client_max_body_size 1m/)
})

test('a stopped service is started, a failed one after its failures are forgotten', () => {
  const { host, state } = installed(shop())
  const unit = (active: string) => new Map([...host.units, ['shop.service', { active, enabled: true, stale: false }]])
  assert.deepEqual(toldBy(planFor(shop(), { ...host, units: unit('inactive') }, state)), [
    'systemctl start shop.socket shop.service',
  ])
  assert.deepEqual(toldBy(planFor(shop(), { ...host, units: unit('failed') }, state)), [
    'systemctl reset-failed shop.socket shop.service',
    'systemctl start shop.socket shop.service',
  ])
})

test('what an earlier deployment installed and this one has no use for goes', () => {
  const { host, state } = installed(shop({ logs: 'files' }))
  const { steps } = planFor(shop(), host, state)
  const gone = steps.filter(({ kind }) => kind === 'remove').flatMap(touchedBy)
  assert.deepEqual(gone, ['/etc/logrotate.d/shop'])
})
