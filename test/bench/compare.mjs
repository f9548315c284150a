// `node test/bench/compare.mjs BEFORE AFTER [ROUNDS] [FLAGS]`: what a request costs one worker of two builds of tsicorn,
// each given by the folder that holds its `dist` and `bin`, over unix sockets, in rounds that alternate, since a machine has
// its moods. Processor time tells more than throughput where others use the machine too.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const [before = '.', after = '.', rounds = '8', ...flags] = process.argv.slice(2)
const app = join(import.meta.dirname, '..', 'apps', 'hello.mjs')
const scratch = mkdtempSync(join(tmpdir(), 'tsicorn-bench-'))
const say = (line) => process.stdout.write(`${line}\n`)
const roundMs = 2500
const connections = 16

/** As a browser asks through nginx. */
const request = [
  ...['GET /articles/2026/some-title?page=2 HTTP/1.1', 'Host: www.example.org', 'X-Real-IP: 203.0.113.9'],
  ...['X-Forwarded-For: 203.0.113.9', 'X-Forwarded-Proto: https', 'Accept: text/html,application/xhtml+xml'],
  ...['User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'DNT: 1'],
  ...['Accept-Language: en-GB,en;q=0.5', 'Accept-Encoding: gzip, deflate, br', 'Cookie: session=0123456789abcdef'],
  ...[
    'Sec-Fetch-Dest: document',
    'Sec-Fetch-Mode: navigate',
    'Sec-Fetch-Site: none',
    'Cache-Control: no-cache',
    '',
    '',
  ],
].join('\r\n')

async function start(tree, name) {
  const path = join(scratch, name)
  const args = [join(resolve(tree), 'bin/tsicorn.js'), 'serve', '--bind', `unix:${path}`, ...flags, app]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  await new Promise((ready, fail) => {
    child.stderr.on('data', (text) => /ready/.test(String(text)) && ready())
    child.once('exit', () => fail(new Error(`${tree} does not start`)))
  })
  const [worker = ''] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'latin1').split(' ')
  return { path, child, worker }
}

/** The processor time of a process so far, in microseconds: proc(5) counts it in hundredths of a second. */
function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Requests a second and processor time for each, over one round. */
async function load({ path, worker }) {
  const [begin, used] = [performance.now(), processorTime(worker)]
  const counts = await Promise.all(Array.from({ length: connections }, () => ask(path, begin + roundMs)))
  const requests = counts.reduce((sum, count) => sum + count, 0)
  return { speed: (requests * 1000) / (performance.now() - begin), cost: (processorTime(worker) - used) / requests }
}

function ask(path, end) {
  return new Promise((done, fail) => {
    let count = 0
    const socket = connect(path, () => socket.write(request))
    socket.on('data', (chunk) => {
      if (!chunk.toString('latin1').endsWith('ok\n')) return fail(new Error(chunk.toString('latin1')))
      count += 1
      if (performance.now() < end) return socket.write(request)
      socket.destroy()
      done(count)
    })
    socket.on('error', fail)
  })
}

const [one, two] = [await start(before, 'before'), await start(after, 'after')]
try {
  await load(one)
  await load(two)
  const rows = []
  for (let round = 0; round < Number(rounds); round += 1) {
    const results = new Map()
    for (const server of round % 2 === 0 ? [one, two] : [two, one]) results.set(server, await load(server))
    const [old, young] = [results.get(one), results.get(two)]
    rows.push({ speed: young.speed / old.speed, cost: young.cost / old.cost })
    const inWords = ({ speed, cost }) => `${Math.round(speed)}/s at ${cost.toFixed(2)} us`
    say(`before ${inWords(old)}  after ${inWords(young)}`)
  }
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(3)
  const [speed, cost] = [median(rows.map((row) => row.speed)), median(rows.map((row) => row.cost))]
  say(`median ratios: speed ${speed}, processor time of a request ${cost}`)
} finally {
  for (const { child } of [one, two]) child.kill('SIGTERM')
  rmSync(scratch, { recursive: true, force: true })
}
