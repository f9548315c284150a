import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { carriedOut } from '../helpers/clients/accounts.ts'
import { asking } from '../helpers/clients/client.ts'
import { drainSite } from '../helpers/drain-site.ts'
import { openConnection } from '../helpers/http-connection.ts'
import { repository } from '../helpers/repository.ts'
import { until } from '../helpers/until.ts'

const own = join(repository, 'test', 'apps', 'worker-classes', 'counts-listening.ts')

const classes = [
  ['sync', ['-k', 'sync'], 4],
  ['threads', ['-k', 'threads', '--threads', '2'], 2],
  ['a module of one’s own', ['-k', own], 2],
] as const

for (const [name, flags, workers] of classes) {
  test(`${name}: reloads and fewer workers under load lose nothing`, async () => {
    await using site = await drainSite({ workers, flags })
    const { server } = site
    await using fleet = site.fleet()
    const done = () => server.log.filter((line) => /reloaded: \d workers replaced/.test(line)).length
    for (let round = 1; round <= 2; round += 1) {
      server.signal('SIGHUP')
      await until(() => done() === round, { what: `reload ${round}`, within: 60_000 })
    }
    server.signal('SIGTTOU')
    await until(() => server.workers().length === workers - 1, { within: 60_000 })
    await fleet.progress(1, { within: 60_000 })
    assert.deepEqual(await fleet.settle(), [])
  })

  test(`${name}: TERM answers all that was taken on`, async () => {
    await using site = await drainSite({ workers, flags })
    await using fleet = site.fleet()
    await fleet.progress(1, { within: 60_000 })
    assert.equal((await site.server.stop('SIGTERM', { within: 60_000 })).code, 0)
    assert.deepEqual(await fleet.settle(), [])
  })

  test(`${name}: a second TERM cuts what is left at once, and says what it was`, async () => {
    await using site = await drainSite({ workers, flags: [...flags, '--graceful-timeout', '60'] })
    using endless = await until(() => openConnection(site.shared), { what: 'a connection' })
    endless.write(asking('endless', { path: '/sleep/600000' }))
    await until(() => carriedOut(site.ledger).length === 1)
    site.server.signal('SIGTERM')
    await site.server.expectLog(/stopping gracefully/)
    assert.equal((await site.server.stop()).code, 0)
    await site.server.expectLog(/1 requests were cut.*GET \/sleep\/600000/)
    assert.equal(endless.isOver(), true)
  })

  test(`${name}: recycling by max-requests loses nothing`, async () => {
    await using site = await drainSite({ workers, flags: [...flags, '--max-requests', '60'] })
    await using fleet = site.fleet()
    const replaced = () => site.server.log.filter((line) => /its successor is ready/.test(line)).length
    await until(() => replaced() >= 4, { what: 'workers to be recycled', within: 60_000 })
    await fleet.progress(1, { within: 60_000 })
    assert.deepEqual(await fleet.settle(), [])
  })
}
