import assert from 'node:assert/strict'
import test from 'node:test'
import { createPaint } from '../../../src/cli/paint.ts'
import { createReporter, formatJson, formatProblems, formatSummary } from '../../../src/cli/report.ts'
import type { CheckResult } from '../../../src/contract/check-report.ts'
import { summarize } from '../../../src/deploy/run-checks.ts'

const plain = createPaint({ isTTY: false }, {})

const rows = [
  { id: 'nginx.syntax', group: 'nginx', title: 'nginx accepts the site' },
  { id: 'http.redirects', group: 'nginx', title: 'HTTP is redirected to HTTPS' },
  { id: 'tls.versions', group: 'TLS', title: 'TLS 1.2 and 1.3 only' },
]

const result = (id: string, status: CheckResult['status'], given: Partial<CheckResult> = {}): CheckResult => {
  const title = rows.find((row) => row.id === id)?.title ?? ''
  return { id, title, status, expected: 'this', found: 'that', fix: null, how: 'looked', ...given }
}

test('results are grouped and aligned, one line a check', () => {
  const reporter = createReporter(rows, plain)
  const results = [
    result('nginx.syntax', 'pass'),
    result('http.redirects', 'skip', { found: 'no nginx' }),
    result('tls.versions', 'fail'),
  ]
  assert.deepEqual(results.flatMap(reporter.lines), [
    '',
    'nginx',
    '  pass  nginx accepts the site       nginx.syntax',
    '  skip  HTTP is redirected to HTTPS  http.redirects  no nginx',
    '',
    'TLS',
    '  fail  TLS 1.2 and 1.3 only         tls.versions',
  ])
})

test('problems come with what was expected, found and mends it; failures last', () => {
  const failed = result('tls.versions', 'fail', { fix: 'tsicorn init --force' })
  const report = summarize([failed, result('nginx.syntax', 'warn'), result('http.redirects', 'pass')])
  assert.deepEqual(formatProblems(report, plain), [
    '',
    'warn  nginx.syntax  nginx accepts the site',
    '      expected  this',
    '      found     that',
    '      known by  looked',
    '',
    'fail  tls.versions  TLS 1.2 and 1.3 only',
    '      expected  this',
    '      found     that',
    '      known by  looked',
    '      fix       tsicorn init --force',
  ])
})

test('what a stack says cannot move the cursor or colour the report', () => {
  const report = summarize([result('tls.versions', 'fail', { found: 'a\u001b[2Jb\nc' })])
  const text = formatProblems(report, plain).join('')
  assert.deepEqual([text.includes('\u001b'), text.includes('\n')], [false, false])
})

test('the summary counts what there is', () => {
  assert.equal(formatSummary(summarize([result('a', 'pass')]), plain), '1 passed, 0 failed')
  const all = (['pass', 'fail', 'fail', 'warn', 'skip'] as const).map((status) => result('a', status))
  assert.equal(formatSummary(summarize(all), plain), '1 passed, 1 warning, 2 failed, 1 skipped')
})

test('machines get the report as agreed, and the same bytes for the same results', () => {
  const report = summarize([result('nginx.syntax', 'pass')])
  assert.deepEqual(JSON.parse(formatJson(report)), {
    ok: true,
    summary: { pass: 1, warn: 0, fail: 0, skip: 0 },
    checks: [
      {
        id: 'nginx.syntax',
        title: 'nginx accepts the site',
        status: 'pass',
        expected: 'this',
        found: 'that',
        fix: null,
        how: 'looked',
      },
    ],
  })
  assert.equal(formatJson(report), formatJson(report))
})

test('there is colour on a terminal, and only there', () => {
  const [, heading = ''] = createReporter(rows, createPaint({ isTTY: true }, {})).lines(result('nginx.syntax', 'pass'))
  assert.ok(heading.startsWith('\u001b[1mnginx'))
})
