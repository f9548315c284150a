import assert from 'node:assert/strict'
import test from 'node:test'
import { fileChecks } from '../../../src/deploy/checks/files-table.ts'
import { hostChecks } from '../../../src/deploy/checks/host-table.ts'
import { installedChecks, stopCheck } from '../../../src/deploy/checks/table.ts'
import { fileFaults } from '../../stack/check/file-faults.ts'
import { misplaced } from '../../stack/check/misplaced.ts'
import { faults } from '../../stack/faults.ts'
import { systemFaults } from '../../systems/check/faults.ts'
import { furtherFaults } from '../../systems/check/further-faults.ts'
import { lettersFaults } from '../../systems/check/letters-faults.ts'
import { liveFaults } from '../../systems/check/live-faults.ts'
import { pastedFaults } from '../../systems/check/pasted-faults.ts'
import { hostFaults } from './recorded-faults.ts'
import { singleFaults } from './single-faults.ts'

const inFiles = fileFaults.map(({ seenBy }) => seenBy)

const seeded = new Set([
  ...[...inFiles, ...inFiles.map((id) => id.replace('files.', 'loaded.'))],
  ...[...misplaced, ...faults].map(({ seenBy }) => seenBy),
  ...hostFaults.map(([seenBy]) => seenBy),
  ...singleFaults.map(({ seenBy }) => seenBy),
  ...[...systemFaults, ...furtherFaults, ...liveFaults].flatMap(({ seenBy }) => seenBy),
])

const ids = [...fileChecks, ...hostChecks, ...installedChecks, stopCheck].map(({ id }) => id)

/** Whose command is pasted in a test that sees nothing wrong afterwards. */
const mended = new Set([
  ...[...inFiles, ...inFiles.map((id) => id.replace('files.', 'loaded.'))],
  ...[...misplaced, ...lettersFaults].map(({ seenBy }) => seenBy),
  ...[...systemFaults, ...furtherFaults, ...pastedFaults, ...liveFaults]
    .filter(({ after }) => after === undefined)
    .flatMap(({ seenBy, fixes }) => (fixes === 'each' ? seenBy : seenBy.slice(0, 1))),
])

/**
 * No command of ours mends them: names are in the hands of whoever keeps the zone, a container has the clock of its host, and
 * the rest is up to the application.
 */
const beyondUs = ['host.names', 'host.clock', 'reload.loses-nothing', 'app.healthy', 'stop.clean']

test('every check has a fault that its command was seen to mend, but for what no command can', () => {
  assert.deepEqual(ids.filter((id) => !mended.has(id)).sort(), [...beyondUs].sort())
})

test('every check has a fault that it was seen to see', () => {
  assert.deepEqual(
    ids.filter((id) => !seeded.has(id)),
    [],
  )
})
