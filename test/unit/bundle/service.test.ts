import assert from 'node:assert/strict'
import test from 'node:test'
import { serverTable } from '../../../src/settings/server-table.ts'
import { completeAnswers } from '../../../src/settings/site-table.ts'
import { parseLogrotate } from './parse-logrotate.ts'
import { parseUnit, valuesOf } from './parse-unit.ts'
import { fileOf, full, render, renderAll } from './site.ts'

const files = render(full)
const service = parseUnit(fileOf(files, 'shop.service'))
const server = JSON.parse(fileOf(files, 'tsicorn.config.json'))

const milliseconds = (text: string) => {
  const reading = serverTable.timeout.kind.parse(text)
  assert.ok(reading.ok, text)
  return reading.value
}
const unit = (key: string) => valuesOf(service, key)[0] ?? ''

test('systemd gives the service up later than its workers could all have been replaced', () => {
  assert.ok(milliseconds(unit('Service.WatchdogSec')) > milliseconds(server.timeout) + milliseconds(server.bootTimeout))
})

test('the service runs as its user, in the whole of its sandbox', () => {
  const sandbox = Object.entries({
    ...{
      User: 'shop',
      Group: 'shops',
      NoNewPrivileges: 'yes',
      CapabilityBoundingSet: '',
      AmbientCapabilities: '',
    },
    ...{ ProtectSystem: 'strict', ProtectHome: 'yes', PrivateTmp: 'yes', PrivateDevices: 'yes', PrivateMounts: 'yes' },
    ...{ PrivateUsers: 'yes', ProtectHostname: 'yes', ProtectClock: 'yes', ProtectKernelLogs: 'yes' },
    ...{ ProtectKernelModules: 'yes', ProtectKernelTunables: 'yes', ProtectControlGroups: 'yes' },
    ...{ ProtectProc: 'invisible', RestrictNamespaces: 'yes', RestrictRealtime: 'yes', RestrictSUIDSGID: 'yes' },
    ...{ LockPersonality: 'yes', RemoveIPC: 'yes', SystemCallArchitectures: 'native', UMask: '0027' },
    ...{ RestrictAddressFamilies: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK' },
  })
  for (const [key, value] of sandbox) assert.deepEqual(valuesOf(service, `Service.${key}`), [value], key)
  const calls = ['@system-service', '~@privileged @resources', 'sched_setscheduler']
  assert.deepEqual(valuesOf(service, 'Service.SystemCallFilter'), calls)
})

test('a new worker may stand back while others serve, and come forward again', () => {
  assert.equal(unit('Service.LimitNICE'), '+0')
})

test('a service that cannot start yet is tried again and again, and never so often that systemd gives it up', () => {
  for (const systemdVersion of [252, 254]) {
    const entries = parseUnit(fileOf(render({ ...full, systemdVersion }), 'shop.service'))
    const value = (key: string) => valuesOf(entries, key)[0] ?? ''
    const [interval, burst] = [milliseconds(value('Unit.StartLimitIntervalSec')), Number(value('Unit.StartLimitBurst'))]
    const first = milliseconds(value('Service.RestartSec'))
    const steps = Number(value('Service.RestartSteps') || 0)
    // systemd.service(5): from RestartSec the delay grows by one factor to RestartMaxDelaySec.
    const factor = steps === 0 ? 1 : (milliseconds(value('Service.RestartMaxDelaySec')) / first) ** (1 / steps)
    const delays = Array.from({ length: burst }, (_, index) => first * factor ** Math.min(index, steps))
    assert.ok(delays.reduce((sum, delay) => sum + delay) > interval, `${delays}`)
  }
})

test('memory and tasks are limited as the answers say, and the limit begins softly', () => {
  const limits = (memory: string | number, workers = 2) => {
    const entries = parseUnit(fileOf(render({ ...full, memory, workers }), 'shop.service'))
    return ['MemoryHigh', 'MemoryMax', 'TasksMax'].map((key) => valuesOf(entries, `Service.${key}`)[0])
  }
  assert.deepEqual(limits('80%'), ['72%', '80%', '384'])
  assert.deepEqual(limits(1_000_000_000, 16), ['900000000', '1000000000', '1280'])
  assert.deepEqual(limits('off'), [undefined, undefined, '384'])
})

test('each credential is a file that only root reads on the host', () => {
  assert.deepEqual(valuesOf(service, 'Service.LoadCredential'), ['session.key:/etc/shop/credentials/session.key'])
  assert.match(fileOf(files, 'tmpfiles.d/shop.conf'), /^d \/etc\/shop\/credentials 0700 root root -$/m)
})

test('logs of nginx outside their usual place are rotated by rules of the site', () => {
  const rules = (nginxLogDirectory: string, logs: 'journal' | 'files') => {
    const rotation = Object.entries(render({ ...full, nginxLogDirectory, logs })).find(([path]) =>
      path.includes('logrotate'),
    )
    return rotation === undefined ? [] : parseLogrotate(rotation[1]).flatMap((rotated) => rotated.logs)
  }
  assert.deepEqual(rules('/var/log/nginx', 'journal'), [])
  assert.deepEqual(rules('/var/log/sites', 'journal'), ['/var/log/sites/shop.*.log'])
  assert.deepEqual(rules('/var/log/sites', 'files'), ['/var/log/shop/*.log', '/var/log/sites/shop.*.log'])
})

test('two sites with different names share no file, no unit, no user, no directory and no name in nginx', () => {
  const [one, other] = ['shop', 'wiki'].map((name) => renderAll(completeAnswers({ name, domain: [`${name}.example`] })))
  const paths = (list: typeof one) => (list ?? []).map(({ path }) => path).filter((path) => path.startsWith('etc/'))
  assert.deepEqual(
    paths(one).filter((path) => paths(other).includes(path)),
    [],
  )
  for (const { path, content } of one ?? []) assert.doesNotMatch(content, /wiki/, path)
})
