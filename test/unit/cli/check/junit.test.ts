import assert from 'node:assert/strict'
import test from 'node:test'
import { formatJunit } from '../../../../src/cli/check/junit.ts'
import type { CheckResult } from '../../../../src/contract/check-report.ts'
import { liveChecks } from '../../../../src/deploy/checks/table.ts'
import { summarize } from '../../../../src/deploy/run-checks.ts'

const result = (id: string, status: CheckResult['status']): CheckResult => ({
  ...{ id, status, title: 'a <title>', expected: 'this', found: 'that & "more"\u001b[2J' },
  ...{ fix: 'mend it', how: 'looked' },
})

test('a report is a suite for each group, with what failed and what was skipped, safe to parse', () => {
  const report = summarize([
    result('nginx.syntax', 'pass'),
    result('tls.versions', 'fail'),
    result('app.answers', 'skip'),
    result('workers.balanced', 'warn'),
  ])
  const text = formatJunit(report, liveChecks)
  assert.match(text, /<testsuites name="tsicorn" tests="4" failures="1" skipped="1">/)
  assert.match(text, /<testsuite name="live: TLS" tests="1" failures="1" skipped="0">/)
  assert.match(text, /name="tls\.versions: a &lt;title&gt;"/)
  assert.match(text, /<failure message="that &amp; &quot;more&quot;\\x1b\[2J">expected: this&#10;/)
  assert.match(text, /<skipped message=/)
  assert.match(text, /<system-out>warning\n/)
  assert.equal(text.includes('\u001b'), false)
})
