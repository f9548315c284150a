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
import { liveFaults } from '../../systems/check/live-faults.ts'
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

test('every check has a fault that it was seen to see', () => {
  const ids = [...fileChecks, ...hostChecks, ...installedChecks, stopCheck].map(({ id }) => id)
  assert.deepEqual(
    ids.filter((id) => !seeded.has(id)),
    [],
  )
})
