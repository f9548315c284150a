import assert from 'node:assert/strict'
import test from 'node:test'
import { hostChecks } from '../../../src/deploy/checks/host-table.ts'
import { runChecks } from '../../../src/deploy/run-checks.ts'
import { dependentsOf } from '../../stack/check/dependents.ts'
import { fileFaults } from '../../stack/check/file-faults.ts'
import { noteFault } from '../../stack/check/matrix.ts'
import { hostFaults } from './recorded-faults.ts'
import { type Recorded, recordedHost, targetOf } from './recorded-host.ts'
import { singleFaults } from './single-faults.ts'

/** What failed or warned, and what was skipped for it. */
async function wrong(recorded: Recorded): Promise<Readonly<Record<string, string>>> {
  const { checks } = await runChecks(hostChecks, targetOf(recorded))
  const bad = checks.filter(
    ({ status, found }) => status === 'fail' || status === 'warn' || (status === 'skip' && found.startsWith('needs ')),
  )
  return Object.fromEntries(bad.map(({ id, status }) => [id, status]))
}

test('a healthy host has nothing to complain of', async () => {
  assert.deepEqual(await wrong(recordedHost()), {})
})

for (const [seenBy, status, words, make] of hostFaults) {
  test(`${words} is seen by ${seenBy}, and by nothing that does not need it`, async () => {
    const host = recordedHost()
    make(host)
    const concerned = hostChecks.filter(({ exempt }) => (exempt?.(targetOf(recordedHost())) ?? null) === null)
    const lost = status === 'fail' ? dependentsOf(concerned, seenBy) : {}
    assert.deepEqual(await wrong(host), { [seenBy]: status, ...lost })
    noteFault({ words, seenBy, fix: '', clean: null })
  })
}

for (const { seenBy, words, site, furnish, make } of singleFaults) {
  test(`${words} is seen by ${seenBy}`, async () => {
    const host = recordedHost(site)
    furnish(host)
    const [check] = hostChecks.filter(({ id }) => id === seenBy)
    assert.ok(check)
    const statusOf = async () => (await runChecks([{ ...check, needs: [] }], targetOf(host))).checks[0]?.status
    assert.equal(await statusOf(), 'pass')
    make(host)
    assert.equal(await statusOf(), 'fail')
    noteFault({ words, seenBy, fix: '', clean: null })
  })
}

/** Faults of syntax are told by the programs themselves, and a port of TLS is not in a record without it. */
const loaded = fileFaults.filter(({ seenBy }) =>
  hostChecks.some(({ id }) => id === seenBy.replace('files.', 'loaded.')),
)

for (const { words, seenBy: inFiles, file, from, to } of loaded) {
  const seenBy = inFiles.replace('files.', 'loaded.')
  test(`${words}, once it is loaded, is seen by ${seenBy}`, async () => {
    const host = recordedHost({ tls: 'self-signed', domain: ['demo.example.org', 'www.demo.example'] })
    const [path = ''] = [...host.files.keys()].filter((one) => one.endsWith(file))
    const content = host.files.get(path) ?? ''
    host.files.set(path, content.replace(from, to))
    assert.notEqual(host.files.get(path), content)
    const found = Object.keys(await wrong(host)).filter((id) => id.startsWith('loaded.'))
    assert.deepEqual(found, [seenBy])
    noteFault({ words: `${words}, loaded`, seenBy, fix: '', clean: null })
  })
}

test('without systemd, and without being root, what cannot be seen is skipped with the reason', async () => {
  const target = { ...targetOf(recordedHost()), systemd: null, isRoot: false }
  const { checks } = await runChecks(hostChecks, target)
  assert.deepEqual(
    checks.filter(({ status }) => status === 'fail').map(({ id }) => id),
    [],
  )
  assert.ok(checks.some(({ found }) => found === 'systemd does not run this host'))
  assert.ok(checks.some(({ found }) => found === 'only root may see that'))
})
