import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { parse } from 'yaml'
import { durationBounds } from '../../../src/contract/tally.ts'
import { expose } from '../../../src/metrics/exposition.ts'
import { type Facts, familiesOf } from '../../../src/metrics/families.ts'
import { repository } from '../../helpers/repository.ts'

const vitals = {
  loopUtilisation: 0.25,
  loopDelayMs: { mean: 1, p99: 2000, max: 3 },
  ...{ heapUsedBytes: 1, heapTotalBytes: 2, externalBytes: 3, collections: 4, collectionMs: 500, cpuSeconds: 6 },
}

const facts: Facts = {
  build: { version: '1.2.3', node: 'v20.0.0', name: 'shop' },
  ...{ startedAt: 1_700_000_000, wanted: 2, masterRssBytes: 40e6, backlog: 2048 },
  phases: { booting: 0, ready: 2, leaving: 1 },
  workers: [{ slot: 1, inFlight: 3, connections: 4, rssBytes: 5, vitals }],
  totals: [
    {
      ...{ slot: 1, refused: 1, aborted: 2, durationMs: 1500, collections: 4, collectionMs: 500, cpuSeconds: 6 },
      statuses: { 200: 10, 204: 1, 404: 2, 500: 3 },
      buckets: durationBounds.map(() => 1).concat(2),
    },
  ],
  exits: { died: 1, replaced: 2 },
  recycles: { 'max-requests': 3 },
  reloads: { succeeded: 4, failed: 5 },
  drains: { count: 2, seconds: 3.5 },
  logged: { error: 6 },
  queues: [{ listener: 'unix:/run/shop/1.sock', length: 7 }],
}

const families = familiesOf(facts)
const lines = expose(families).split('\n')

const told = [
  'tsicorn_requests_total{worker="1",status="2xx"} 11',
  'tsicorn_requests_total{worker="1",status="5xx"} 3',
  // Before the first of its class: else rate() would not see that one.
  'tsicorn_requests_total{worker="1",status="3xx"} 0',
  'tsicorn_request_duration_seconds_sum{worker="1"} 1.5',
  `tsicorn_request_duration_seconds_count{worker="1"} ${durationBounds.length + 2}`,
  'tsicorn_event_loop_delay_p99_seconds{worker="1"} 2',
  'tsicorn_gc_seconds_total{worker="1"} 0.5',
  'tsicorn_worker_exits_total{reason="replaced"} 2',
  'tsicorn_worker_recycles_total{reason="max-requests"} 3',
  'tsicorn_worker_drain_seconds_sum 3.5',
  'tsicorn_listen_queue_length{listener="unix:/run/shop/1.sock"} 7',
  'tsicorn_build_info{version="1.2.3",node="v20.0.0",name="shop"} 1',
]

for (const line of told) {
  test(`a scrape says ${line}`, () => assert.ok(lines.includes(line)))
}

test('names follow the conventions: base units, and _total for what only grows', () => {
  for (const { name, type, help } of families) {
    assert.match(name, /^tsicorn_[a-z0-9_]+$/)
    assert.equal(type === 'counter', name.endsWith('_total'), name)
    assert.doesNotMatch(name, /_(?:ms|milliseconds|kb|percent)(?:_|$)/)
    assert.match(help, /^[A-Z].*\.$/)
  }
})

/** The names of metrics in a query, as they are written in a scrape. */
function namesIn(query: string): readonly string[] {
  return query.match(/\btsicorn_\w+/g) ?? []
}

const known = new Set(families.flatMap(({ name, samples }) => samples.map(({ suffix = '' }) => `${name}${suffix}`)))

test('every metric that the dashboard draws exists', () => {
  const dashboard = JSON.parse(readFileSync(`${repository}/templates/grafana/tsicorn.json`, 'utf8')) as {
    panels: { title: string; targets?: { expr: string }[] }[]
  }
  const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  assert.ok(queries.length > 20)
  assert.deepEqual(
    queries.flatMap(namesIn).filter((name) => !known.has(name)),
    [],
  )
})

test('every metric that an alert looks at exists, and every alert says what it means and what to do', () => {
  const rules = parse(readFileSync(`${repository}/templates/prometheus/tsicorn.rules.yml`, 'utf8')) as {
    groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[]
  }
  const alerts = rules.groups.flatMap((group) => group.rules)
  assert.ok(alerts.length >= 8)
  assert.deepEqual(
    alerts.flatMap(({ expr }) => namesIn(expr)).filter((name) => !known.has(name)),
    [],
  )
  for (const { alert, annotations } of alerts) {
    assert.match(alert, /^Tsicorn[A-Z]/)
    assert.ok(annotations['summary'] && annotations['description'])
  }
})
