import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
} from 'node:fs'
import test from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1)

test('rotation while requests come loses no line, writes none twice and tears none', async () => {
  await using dir = await tempDir()
  mkdirSync(dir.join('logs'))
  const file = dir.join('logs/access.log')
  const flags = ['-w', '2', '--access-logfile', file, '--access-logformat', '%({x-number}i)s %(U)s']
  await using server = await startServer({ app: 'obedient', flags })
  const sent = new Set<string>()
  const ask = async (number: string): Promise<void> => {
    const headers = { 'X-Number': number }
    assert.equal((await request(server.target, '/r', { headers })).status, 200)
    sent.add(number)
  }
  const client = async (name: number): Promise<void> => {
    for (let count = 0; count < 150; count += 1) await ask(`${name}-${count}`)
  }
  const clients = Promise.all([1, 2, 3, 4].map(client))
  for (let round = 1; round <= 8; round += 1) {
    const before = sent.size
    await until(() => sent.size >= Math.min(before + 50, 600))
    renameSync(file, `${file}.${round}`)
    server.signal('SIGUSR1')
    await until(() => existsSync(file))
  }
  await clients
  await server.stop()
  const found = readdirSync(dir.join('logs')).flatMap((name) => linesOf(dir.join(`logs/${name}`)))
  assert.ok(found.every((line) => /^\d-\d+ \/r$/.test(line)))
  assert.deepEqual([...found].sort(), [...sent].map((number) => `${number} /r`).sort())
})

test('an access log that cannot be opened stops the start with a message, and a reload without harm', async () => {
  await using dir = await tempDir()
  const config = await dir.write('tsicorn.config.json', JSON.stringify({ accessLogfile: dir.join('access.log') }))
  await using server = await startServer({ app: 'obedient', flags: ['--config', config] })
  await dir.write('tsicorn.config.json', JSON.stringify({ accessLogfile: dir.join('nowhere/access.log') }))
  server.signal('SIGHUP')
  await server.expectLog(/reload failed.*nowhere\/access\.log.*its directory does not exist/)
  assert.equal((await request(server.target, '/')).status, 200)
})

test('kill -9 of a worker under load costs the other one no line', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  const flags = ['-w', '2', '--access-logfile', file, '--access-logformat', '%(p)s %({x-number}i)s']
  await using server = await startServer({ app: 'obedient', flags })
  server.claimLog(/SIGKILL/)
  const [victim] = server.workers()
  const answered: string[] = []
  const ask = async (number: number): Promise<void> => {
    const headers = { 'X-Number': String(number) }
    const answer = await request(server.target, '/', { headers }).catch(() => null)
    const pid = answer?.status === 200 ? (answer.json() as { readonly pid: number }).pid : victim
    if (pid !== victim) answered.push(`<${pid}> ${number}`)
  }
  const client = async (name: number): Promise<void> => {
    for (let count = 0; count < 100; count += 1) {
      await ask(1000 * name + count)
      if (name === 1 && count === 50) process.kill(victim ?? 0, 'SIGKILL')
    }
  }
  await Promise.all([1, 2, 3, 4].map(client))
  await until(() => !server.workers().includes(victim ?? 0) && server.workers().length === 2)
  await server.stop()
  const lines = linesOf(file)
  assert.ok(lines.every((line) => /^<\d+> \d{4}$/.test(line)))
  // What the victim had not written yet went with it.
  assert.deepEqual(lines.filter((line) => !line.startsWith(`<${victim}>`)).sort(), answered.sort())
  assert.ok(answered.length > 200)
})

test('an application that ends its process takes no line with it', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  const flags = ['-w', '1', '--access-logfile', file, '--access-logformat', '%(U)s']
  await using server = await startServer({ app: 'obedient', flags })
  await request(server.target, '/before')
  await request(server.target, '/exit/7').catch(() => null)
  server.claimLog(/exit/)
  await until(async () => (await request(server.target, '/after').catch(() => null))?.status === 200)
  await server.stop()
  assert.ok(linesOf(file).includes('/before'))
  assert.ok(linesOf(file).includes('/after'))
})

test('workers without root write the access log in a directory of their own, also after rotation', {
  skip: process.getuid?.() === 0 ? false : 'needs root',
}, async () => {
  await using dir = await tempDir()
  const logs = dir.join('logs')
  chmodSync(dir.path, 0o711)
  mkdirSync(logs)
  chownSync(logs, 65534, 65534)
  const file = `${logs}/access.log`
  await using server = await startServer({
    app: 'obedient',
    flags: ['--user', '65534', '--group', '65534', '--access-logfile', file, '--access-logformat', '%(U)s'],
    bind: 'tcp',
  })
  await request(server.target, '/one')
  await until(() => linesOf(file).length === 1)
  renameSync(file, `${file}.1`)
  server.signal('SIGUSR1')
  const [worker] = server.workers()
  // The master makes the file; until the worker has it too, lines go to the old one.
  const held = () => readdirSync(`/proc/${worker}/fd`).map((fd) => readlinkSync(`/proc/${worker}/fd/${fd}`))
  await until(() => held().includes(file))
  await request(server.target, '/two')
  await until(() => linesOf(file).length === 1)
  assert.deepEqual([linesOf(`${file}.1`), linesOf(file)], [['/one'], ['/two']])
  assert.equal(statSync(file).uid, 65534)
})
