import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { parse } from 'yaml'
import { request } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { repository } from '../helpers/repository.ts'
import { scrape, sumOf as sum } from '../helpers/scrape.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { needs, program } from './needs.ts'

const skip = needs('promtool')
const rulesFile = join(repository, 'templates/prometheus/tsicorn.rules.yml')
const seriesFile = join(repository, 'test/stack/alerts.yml')

type Rules = { readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[] }
type Series = {
  readonly tests: readonly {
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: readonly object[] }[]
  }[]
}

/** Asks Prometheus' own tool, which has nothing to say where all is well. */
function promtool(args: readonly string[], input = ''): void {
  const { status, stdout, stderr } = spawnSync(program('promtool'), args, { input, encoding: 'utf8', timeout: 60_000 })
  assert.equal(status, 0, stdout + stderr)
}

test('promtool reads the alert rules, and each alert speaks of series that it is for and of no others', {
  skip,
}, () => {
  promtool(['check', 'rules', '--lint-fatal', rulesFile])
  promtool(['test', 'rules', seriesFile])
})

test('each alert has series for which it speaks, and some for which it is silent', () => {
  const { groups } = parse(readFileSync(rulesFile, 'utf8')) as Rules
  const { tests } = parse(readFileSync(seriesFile, 'utf8')) as Series
  const expected = tests.flatMap(({ alert_rule_test: looks }) => looks)
  const namesOf = (speaks: boolean): readonly string[] => [
    ...new Set(expected.flatMap((one) => ((one.exp_alerts !== undefined) === speaks ? one.alertname : []))),
  ]
  const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)).sort()
  assert.deepEqual([...namesOf(true)].sort(), alerts)
  assert.deepEqual([...namesOf(false)].sort(), alerts)
})

test('promtool reads what the dashboard asks for', { skip }, async () => {
  await using dir = await tempDir()
  const { panels } = JSON.parse(readFileSync(join(repository, 'templates/grafana/tsicorn.json'), 'utf8')) as {
    readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[]
  }
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const rules = queries.map((query, at) => ({
    record: `panel:${at}`,
    expr: query.replaceAll('$__rate_interval', '5m'),
  }))
  assert.ok(rules.length > 20)
  // JSON is YAML too.
  const file = await dir.write('panels.yml', JSON.stringify({ groups: [{ name: 'panels', rules }] }))
  promtool(['check', 'rules', file])
})

test('promtool has nothing to say against a scrape of a server that has served, refused and lost workers', {
  skip,
}, async () => {
  await using dir = await tempDir()
  const place = { socketPath: dir.join('metrics.sock') }
  const flags = ['-w', '2', '--metrics-bind', `unix:${place.socketPath}`, '--timeout', '2', '--name', 'shop']
  await using server = await startServer({ app: 'obedient', flags })
  server.claimLog(/exit/)
  await request(server.target, '/exit/7').catch(() => null)
  await until(async () => sum(await scrape(place), 'tsicorn_worker_exits_total', { reason: 'died' }) === 1)
  await until(async () => {
    await request(server.target, '/').catch(() => null)
    await using socket = await rawSocket(server.target)
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await socket.closed()
    const now = await scrape(place)
    return sum(now, 'tsicorn_requests_refused_total') > 0 && sum(now, 'tsicorn_requests_total', { status: '2xx' }) > 0
  })
  promtool(['check', 'metrics'], (await request(place, '/metrics')).body)
})
