import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { Failure } from '../../src/contract/errors.ts'
import { lookupUser } from '../../src/system/user.ts'
import { startProgram } from '../helpers/start-program.ts'

const skip = process.getuid?.() !== 0 && 'needs root'

type Report = {
  readonly dropped: string | null
  readonly Uid: string
  readonly Gid: string
  readonly Groups: string
  readonly CapEff: string
  readonly CapPrm: string
  readonly CapAmb: string
  readonly back: Readonly<Record<string, string | null>>
}

/** What a process is after becoming a user, and what it can take back. With `first` it has been that user before. */
async function become(user: string | null, group: string | null, first = ''): Promise<Report> {
  await using program = startProgram('become.ts', { args: [user ?? '', group ?? '', first] })
  const { code } = await program.ended
  assert.equal(code, 0, program.output())
  return JSON.parse(program.output()) as Report
}

const four = (id: number | string): string => [id, id, id, id].join('\t')
const none = '0000000000000000'

test('a worker that becomes nobody has its ids and groups, no capabilities, and no way back', { skip }, async () => {
  const report = await become('nobody', null)
  const expected = lookupUser('nobody', null)
  assert.equal(report.dropped, null)
  assert.equal(report.Uid, four(expected?.uid ?? ''))
  assert.equal(report.Gid, four(expected?.gid ?? ''))
  assert.equal(report.Groups, String(expected?.gid))
  assert.deepEqual([report.CapEff, report.CapPrm, report.CapAmb], [none, none, none])
  const { shadow, ...ids } = report.back
  for (const [call, outcome] of Object.entries(ids)) assert.equal(outcome, 'EPERM', call)
  assert.equal(shadow, 'EACCES')
})

test('a group given by name replaces the user’s own', { skip }, async () => {
  const report = await become('nobody', 'daemon')
  assert.equal(report.dropped, null)
  assert.equal(report.Gid, four(1))
  assert.deepEqual(report.Groups.split(' ').sort(), lookupUser('nobody', 'daemon')?.groups.map(String).sort())
})

test('ids without an entry in the user database are taken as they are', { skip }, async () => {
  const report = await become('54321', '54322')
  assert.equal(report.dropped, null)
  assert.equal(report.Uid, four(54321))
  assert.equal(report.Gid, four(54322))
  assert.equal(report.Groups, '54322')
  assert.equal(report.CapEff, none)
})

test('a worker gets exactly the supplementary groups that id(1) tells', { skip }, () => {
  for (const user of ['nobody', 'daemon', 'www-data', 'root']) {
    const { status, stdout } = spawnSync('id', ['-G', user], { encoding: 'utf8' })
    if (status !== 0) continue
    const identity = lookupUser(user, null)
    assert.deepEqual([...(identity?.groups ?? [])].sort(), stdout.trim().split(' ').map(Number).sort(), user)
  }
})

test('names and ids lead to the same user', { skip }, () => {
  const byName = lookupUser('nobody', null)
  assert.equal(byName?.name, 'nobody')
  assert.deepEqual(lookupUser(String(byName?.uid), null), byName)
})

test('without root nobody else can be become, and the message says what to do', { skip }, async () => {
  const report = await become('daemon', null, 'nobody')
  assert.match(report.dropped ?? '', /^NOT_PERMITTED: cannot become user daemon \(uid 1, gid 1\): only root may/)
})

test('who is the user already need not be root', { skip }, async () => {
  assert.equal((await become('nobody', null, 'nobody')).dropped, null)
})

test('unknown users and groups are refused by name', () => {
  const cases: [string | null, string | null, RegExp][] = [
    ['no-such-user', null, /there is no user "no-such-user"/],
    ['root', 'no-such-group', /there is no group "no-such-group"/],
    [null, 'no-such-group', /there is no group "no-such-group"/],
    ['54321', null, /user id 54321 has no entry in the user database, so its group is not known/],
    ['4294967295', '1', /there is no user "4294967295"/],
    ['', null, /there is no user ""/],
  ]
  for (const [user, group, message] of cases) {
    assert.throws(
      () => lookupUser(user, group),
      (error) => error instanceof Failure && error.code === 'USER_UNKNOWN' && message.test(error.message),
    )
  }
})

test('nothing is changed where nothing is asked for', () => {
  assert.equal(lookupUser(null, null), null)
})
