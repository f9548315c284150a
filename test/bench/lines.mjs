// `node test/bench/lines.mjs [ROUNDS]`: what a line costs on its way to a file, to syslog, and from the application through
// --capture-output, in processor time of the worker and of the master, in rounds that alternate. Who receives the lines
// is a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, median, start } from './one-worker.mjs'

const rounds = Number(process.argv[2] ?? 8)
const roundMs = 500
const tree = join(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'tsicorn-bench-'))
const say = (line) => process.stdout.write(`${line}\n`)
const quiet = join(tree, 'test/apps/hello.mjs')
const prints = join(scratch, 'prints.mjs')
let tooMany = 0

writeFileSync(
  prints,
  `export default (request, response) => {
  console.log('asked for ' + request.url + ' by ' + request.headers['user-agent'])
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 3 }).end('ok\\n')
}
`,
)

/** Reads datagrams and streams, and throws them away. */
const daemon = `
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
const server = createServer((socket) => socket.resume().on('error', () => {})).listen(0, '127.0.0.1', () => {
  const socket = createSocket('udp4').on('message', () => {})
  socket.bind(0, '127.0.0.1', () => console.log(JSON.stringify([socket.address().port, server.address().port])))
})`

async function startDaemon() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', daemon], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  const [udp, tcp] = JSON.parse(String(line))
  return { child, udp, tcp }
}

const receiver = await startDaemon()
const syslog = (to) => ['--log-syslog', '--log-syslog-to', to]
// No more lines a second than the master tells.
const slowly = { app: prints, pauseMs: 3 }
const contenders = {
  'no access log': { flags: [], app: quiet },
  'access log in a file': { flags: ['--access-logfile', join(scratch, 'access.log')], app: quiet },
  'access log to syslog, UDP': { flags: syslog(`udp://127.0.0.1:${receiver.udp}`), app: quiet },
  'access log to syslog, TCP': { flags: syslog(`tcp://127.0.0.1:${receiver.tcp}`), app: quiet },
  'the application prints a line': { flags: [], ...slowly },
  'the same with --capture-output': { flags: ['--capture-output'], ...slowly },
}
const servers = []
try {
  for (const [name, { pauseMs, ...options }] of Object.entries(contenders)) {
    const server = { ...(await start(tree, { path: join(scratch, `${servers.length}.sock`), ...options })), pauseMs }
    server.child.stderr.on('data', (text) => {
      if (/worker\.output-lost/.test(String(text))) tooMany += 1
    })
    servers.push({ name, server, results: [] })
  }
  // In the first round the code is compiled.
  for (const { server } of servers) await load(server)
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? servers : [...servers].reverse()
    for (const { server, results } of order) results.push(await load({ ...server, roundMs }))
  }
  const of = (results, key) => median(results.map((result) => result[key]))
  for (const { name, server, results } of servers) {
    const base = servers.find(({ server: { pauseMs } }) => pauseMs === server.pauseMs).results
    const ratio = median(results.map(({ cost }, at) => cost / base[at].cost))
    const [worker, master] = [of(results, 'cost'), of(results, 'costAbove')].map((cost) => cost.toFixed(1))
    say(
      `${name.padEnd(32)} worker ${worker} us (${ratio.toFixed(2)}), master ${master} us, ${Math.round(of(results, 'speed'))}/s`,
    )
  }
  if (tooMany > 0) say(`${tooMany} times more was printed than is told: the figures of --capture-output are too low`)
} finally {
  for (const { server } of servers) server.child.kill('SIGTERM')
  receiver.child.kill('SIGTERM')
  rmSync(scratch, { recursive: true, force: true })
}
