import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import test from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const skip = process.getuid?.() === 0 ? false : 'needs root'

test('a full disk costs lines and no request; the lines are counted, told, and come again when there is room', {
  skip,
}, async (context) => {
  await using dir = await tempDir()
  const disk = dir.join('disk')
  mkdirSync(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
  if (mounted.status !== 0) return context.skip('nothing can be mounted here')
  try {
    await fill(disk)
  } finally {
    spawnSync('umount', [disk])
  }
})

/** Lines of some 2 KB: a full disk, and what is kept beside it, are reached with a few hundred requests. */
async function fill(disk: string): Promise<void> {
  const file = `${disk}/access.log`
  writeFileSync(`${disk}/ballast`, Buffer.alloc(3_900_000))
  const flags = ['--access-logfile', file, '--access-logformat', '%({x-number}i)s %(U)s', '-w', '1']
  await using server = await startServer({ app: 'obedient', flags })
  const path = `/${'x'.repeat(2000)}`
  const count = 1200
  for (let number = 1; number <= count; number += 1) {
    const { status } = await request(server.target, path, { headers: { 'X-Number': String(number) } })
    assert.equal(status, 200)
  }
  await server.expectLog(/the access log cannot be written: ENOSPC/)
  rmSync(`${disk}/ballast`)
  await server.expectLog(/lines of the access log were lost: ENOSPC/)
  await request(server.target, path, { headers: { 'X-Number': 'again' } })
  await until(() => readFileSync(file, 'utf8').includes('\nagain '))
  await server.stop()
  // The line that the disk took a part of may be told by itself.
  const told = server.log.filter((line) => line.includes('"access-log.lost"'))
  const lost = told.reduce((sum, line) => sum + (JSON.parse(line) as { readonly lost: number }).lost, 0)
  const whole = readFileSync(file, 'utf8').match(/^\d+ \/x{2000}$/gm) ?? []
  assert.equal(new Set(whole).size, whole.length)
  assert.ok(lost > 0)
  assert.equal(whole.length + lost, count)
}
