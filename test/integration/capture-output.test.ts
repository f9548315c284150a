import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import { capture } from '../../src/arbiter/capture.ts'
import type { Logger } from '../../src/log/logger.ts'
import { request } from '../helpers/http-request.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { until } from '../helpers/until.ts'

type LogRecord = Readonly<Record<string, unknown>>

const parse = (lines: readonly string[]): readonly LogRecord[] =>
  lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogRecord)

const printed = (server: Server): readonly LogRecord[] =>
  parse(server.log).filter(({ event }) => event === 'worker.output')

const texts = (server: Server): readonly unknown[] => printed(server).map(({ msg }) => msg)

const start = (flags: readonly string[] = []): Promise<Server> =>
  startServer({ app: 'prints', flags: ['--capture-output', ...flags] })

test('what an application prints is in the error log, line by line, with the id of its worker', async () => {
  await using server = await start()
  const { body: pid } = await request(server.target, '/out/one')
  await request(server.target, '/err/two')
  await until(() => texts(server).includes('two') && texts(server).includes('one'))
  const [loaded, ...rest] = printed(server)
  assert.equal(loaded?.['msg'], 'loaded')
  const found = rest.map(({ level, stream, worker, workerPid, msg }) => [level, stream, worker, workerPid, msg])
  assert.deepEqual(found.sort(), [
    ['info', 'stdout', 1, Number(pid), 'one'],
    ['warning', 'stderr', 1, Number(pid), 'two'],
  ])
  assert.ok(
    server.log.every((line) => line.startsWith('{')),
    'nothing else is written',
  )
})

test('the last words of a worker that is killed, and the begin of a line, are not lost', async () => {
  await using server = await start()
  server.claimLog(/SIGKILL/)
  await request(server.target, '/die/farewell').catch(() => null)
  await until(() => parse(server.log).some(({ event }) => event === 'worker.died'))
  const records = parse(server.log)
  const at = (msg: string): number => records.findIndex((record) => record['msg'] === msg)
  const death = records.findIndex(({ event }) => event === 'worker.died')
  assert.ok(at('farewell') >= 0 && at('unfinished') > at('farewell') && death > at('unfinished'))
})

test('a worker that ends in peace leaves no line behind', async () => {
  await using server = await start()
  await request(server.target, '/begin/half%20a%20line')
  assert.equal((await server.stop()).code, 0)
  assert.ok(texts(server).includes('half a line'))
})

test('a flood is cut to what can be told, and the rest is counted to the last line', async () => {
  const told: string[] = []
  let lost = 0
  const log = {
    info: (_fields: object, line: string) => void told.push(line),
    warning: (fields: { readonly lost?: number }) => {
      lost += fields.lost ?? 0
    },
  } as unknown as Logger
  const captured = capture(7, log)
  const lines = 60_000
  const child = spawn('seq', ['1', String(lines)], { stdio: ['ignore', ...captured.ends] })
  captured.begin(child.pid ?? null)
  await once(child, 'exit')
  captured.finish()
  assert.equal(told.length + lost, lines)
  assert.ok(told.length >= 10_000)
  assert.equal(told[0], '1')
})

test('a line that is too long is cut, and the next one is whole', async () => {
  await using server = await start()
  await request(server.target, '/long/200000')
  await request(server.target, '/out/whole')
  await until(() => texts(server).includes('whole'))
  const long = texts(server).filter((msg) => String(msg).includes('xxx'))
  assert.equal(long.length, 1)
  assert.match(String(long[0]), /^x{2000,16384} … \[cut\]$/)
})

test('what the worker itself logs does not go through the pipe: not its records, not its access log', async () => {
  await using server = await start([
    '--access-logfile',
    '-',
    '--access-logformat',
    'asked %(U)s',
    '--log-level',
    'debug',
  ])
  await request(server.target, '/out/one')
  await until(() => server.log.includes('asked /out/one'))
  await server.stop()
  assert.deepEqual(texts(server), ['loaded', 'one'])
  assert.equal(server.log.filter((line) => line.includes('asked')).length, 1)
})

test('plain lines have the shape that Gunicorn gives them, and name the worker that printed', async () => {
  await using server = await start(['--log-format', 'plain'])
  await request(server.target, '/out/one')
  const head = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[\d+\] \[[A-Z]+\] /
  assert.match(await server.expectLog(/worker 1: one$/), head)
  for (const line of server.log) assert.match(line, head)
})

test('a process that a worker leaves behind does not keep the worker from being replaced, and is heard', async () => {
  await using server = await start()
  server.claimLog(/SIGKILL/)
  await request(server.target, '/linger/later')
  await request(server.target, '/die/farewell').catch(() => null)
  await until(async () => (await request(server.target, '/out/replaced').catch(() => null))?.status === 200)
  await until(() => texts(server).some((msg) => String(msg).endsWith('later')))
})
