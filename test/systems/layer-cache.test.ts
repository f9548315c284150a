import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { tempDir } from '../helpers/temp-dir.ts'
import { cache, layer } from './layer-cache.ts'

const hour = 3_600_000

/** Layers by their names, each used so many hours ago. */
function seed(hours: Readonly<Record<string, number>>): void {
  for (const [name, age] of Object.entries(hours)) {
    const folder = join(cache(), name)
    mkdirSync(join(folder, 'usr'), { recursive: true })
    const then = new Date(Date.now() - age * hour)
    utimesSync(folder, then, then)
  }
}

const named = (kind: string, one: string) => `${kind}-${one.repeat(16)}`

test('of each kind the layers that were used last are kept, and those that another run may stand on', async () => {
  await using dir = await tempDir()
  process.env['XDG_CACHE_HOME'] = dir.path
  seed({
    ...{
      [named('tsicorn', 'a')]: 9,
      [named('tsicorn', 'b')]: 8,
      [named('tsicorn', 'c')]: 7,
      [named('tsicorn', 'd')]: 6,
    },
    ...{ [named('box-trixie', 'a')]: 90, [named('node-20', 'a')]: 1, [named('node-20', 'b')]: 1 },
    ...{ [named('node-20', 'c')]: 1, [named('node-20', 'd')]: 1 },
    ...{ 'making-x': 9, 'pack-x': 9, 'making-y': 1 },
  })
  let made = 0
  const make = () =>
    layer('tsicorn', 'the newest', async () => {
      made += 1
    })
  assert.equal(await make(), await make())
  assert.equal(made, 1)
  const left = readdirSync(cache())
  assert.equal(left.filter((name) => name.startsWith('tsicorn-')).length, 3)
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].filter((one) => left.includes(named('tsicorn', one))),
    ['c', 'd'],
  )
  assert.equal(left.filter((name) => name.startsWith('node-20-')).length, 4)
  assert.ok(left.includes(named('box-trixie', 'a')))
  assert.deepEqual(
    left.filter((name) => /^(making|pack)/.test(name)),
    ['making-y'],
  )
})

test('a layer that could not be made leaves nothing', async () => {
  await using dir = await tempDir()
  process.env['XDG_CACHE_HOME'] = dir.path
  const fail = (folder: string) => {
    assert.ok(existsSync(folder))
    throw new Error('no space left')
  }
  await assert.rejects(async () => layer('tsicorn', 'x', async (folder) => fail(folder)), /no space left/)
  assert.deepEqual(readdirSync(cache()), [])
})
