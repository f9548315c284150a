import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fleetOf } from '../helpers/clients/accounts.ts'
import { oneOfEach } from '../helpers/drain-site.ts'
import { freePort } from '../helpers/free-port.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('a reload that gives up addresses loses nobody who came there before, while the others are served', async () => {
  await using dir = await tempDir()
  const ledger = dir.join('ledger')
  await mkdir(ledger)
  const [oldPort, newPort] = [await freePort(), await freePort()]
  const slots = `unix:${dir.join('{slot}.sock')}`
  const config = { workers: 4, bind: [slots, `127.0.0.1:${oldPort}`], drainIdle: '1s' }
  await using server = await startServer({ app: 'ledger:server', env: { LEDGER: ledger }, config })
  const [kept, ...given] = [dir.join('1.sock'), dir.join('3.sock'), dir.join('4.sock')]
  await using stays = fleetOf(oneOfEach([{ socketPath: kept }]), ledger)
  await using goes = fleetOf(oneOfEach([{ port: oldPort }, ...given.map((socketPath) => ({ socketPath }))]), ledger)
  await Promise.all([stays.progress(1), goes.progress(1)])
  const changed = { ...config, workers: 2, bind: [slots, `127.0.0.1:${newPort}`] }
  await writeFile(server.dir.join('tsicorn.config.json'), JSON.stringify(changed))
  server.signal('SIGHUP')
  await server.expectLog(/reloaded: 2 workers replaced/, { within: 30_000 })
  for (const { tally } of goes.clients) await until(() => tally.refused > 0, { what: `${tally.kind} to be refused` })
  await using comes = fleetOf(oneOfEach([{ port: newPort }]), ledger)
  await Promise.all([stays.progress(1), comes.progress(1)])
  await Promise.all([...stays.clients, ...goes.clients, ...comes.clients].map((client) => client.stop()))
  const all = fleetOf([...stays.clients, ...goes.clients, ...comes.clients], ledger)
  assert.deepEqual(await all.settle(), [])
  assert.ok([...stays.tallies(), ...comes.tallies()].every(({ refused }) => refused === 0))
})
