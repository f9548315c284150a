import assert from 'node:assert/strict'
import test from 'node:test'
import { everyPlace, renderBundle, siteFileName } from '../../../src/bundle/render.ts'
import { proxyNames } from '../../../src/settings/proxies.ts'
import { completeAnswers } from '../../../src/settings/site-table.ts'
import { supervisorNames } from '../../../src/settings/supervisors.ts'
import { goldenAnswers } from '../../golden/read-golden.ts'

const always = ['RUNBOOK.md', siteFileName]

test('every file of every bundle stands at a place where leftovers are looked for', () => {
  for (const { name, answers } of goldenAnswers()) {
    const places = everyPlace(answers)
    const elsewhere = renderBundle(answers).filter(({ path }) => !always.includes(path) && !places.includes(path))
    assert.deepEqual([name, elsewhere.map(({ path }) => path)], [name, []])
  }
})

test('the places are the same whatever stands in front and whatever starts the server', () => {
  const placesOf = (given: Parameters<typeof completeAnswers>[0]) =>
    everyPlace(completeAnswers({ name: 'shop', ...given }))
  const [first, ...others] = proxyNames.flatMap((proxy) =>
    supervisorNames.map((supervisor) => placesOf({ proxy, supervisor, nginxLayout: 'conf.d' })),
  )
  for (const places of others) assert.deepEqual(places, first)
})

test('what is always there is nowhere looked for, and no path leads out of the folder', () => {
  for (const { answers } of goldenAnswers()) {
    assert.deepEqual(
      everyPlace(answers).filter((path) => always.includes(path) || path.startsWith('/') || path.includes('..')),
      [],
    )
  }
})
