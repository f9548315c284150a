import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import test from 'node:test'
import { openConnection } from '../helpers/http-connection.ts'
import { pause } from '../helpers/pause.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

/** TSICORN_TEST_REQUESTS for fewer, or more. */
const count = Number(process.env['TSICORN_TEST_REQUESTS'] ?? 100_000)
const [clients, batch] = [8, 25] as const

test(`${count} requests while the log is rotated every 200 ms: each has its one line`, async () => {
  await using dir = await tempDir()
  mkdirSync(dir.join('logs'))
  const file = dir.join('logs/access.log')
  const flags = ['-w', '2', '--access-logfile', file, '--access-logformat', '%({x-number}i)s %(U)s %(s)s']
  await using server = await startServer({ app: 'hello', flags })
  let over = false
  const rotations = rotate(server, file, () => over)
  await Promise.all(Array.from({ length: clients }, (_, client) => ask(server, client)))
  over = true
  const files = await rotations
  assert.equal((await server.stop()).code, 0)
  const found = readdirSync(dir.join('logs')).flatMap((name) => linesOf(dir.join(`logs/${name}`)))
  assert.ok(files > 2, `${files} rotations`)
  assert.deepEqual(
    found.filter((line) => !/^\d+ \/r 200$/.test(line)),
    [],
    'every line is whole',
  )
  assert.equal(found.length, count)
  assert.equal(new Set(found).size, count)
})

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1)

/** Each client asks for its share, some requests at a time on a connection that it keeps. */
async function ask(server: Server, client: number): Promise<void> {
  using connection = await openConnection(server.target)
  if (connection === null) throw new Error('nobody listens')
  const share = Array.from({ length: count }, (_, number) => number).filter((number) => number % clients === client)
  for (let at = 0; at < share.length; at += batch) {
    const numbers = share.slice(at, at + batch)
    connection.write(numbers.map((number) => `GET /r HTTP/1.1\r\nHost: a\r\nX-Number: ${number}\r\n\r\n`).join(''))
    for (const number of numbers) {
      const { status } = await connection.answer()
      if (status !== 200) throw new Error(`request ${number} was answered ${status}`)
    }
  }
}

async function rotate(server: Server, file: string, isOver: () => boolean): Promise<number> {
  let files = 0
  while (!isOver()) {
    await pause(200)
    if (!existsSync(file)) continue
    files += 1
    renameSync(file, `${file}.${files}`)
    server.signal('SIGUSR1')
  }
  return files
}
