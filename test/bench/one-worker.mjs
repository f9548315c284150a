// One worker of tsicorn on a unix socket, and what a request costs it.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'

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

/** Starts what is built in a folder that holds `bin` and `dist`; `path` becomes its socket. */
export async function start(tree, { path, flags, app }) {
  const args = [join(resolve(tree), 'bin/tsicorn.js'), 'serve', '--bind', `unix:${path}`, ...flags, app]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.resume()
  await new Promise((ready, fail) => {
    child.stderr.on('data', (text) => /ready/.test(String(text)) && ready())
    child.once('exit', () => fail(new Error(`${tree} does not start with ${flags.join(' ')}`)))
  })
  const [worker = ''] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'latin1').split(' ')
  return { path, child, worker, master: child.pid }
}

/** The processor time of a process so far, in microseconds: proc(5) counts it in hundredths of a second. */
function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Requests a second, and the processor time that each costs the worker and the master, over one round. */
export async function load({ path, worker, master, pauseMs = 0, roundMs = 2500 }) {
  const [begin, used, usedAbove] = [performance.now(), processorTime(worker), processorTime(master)]
  const counts = await Promise.all(
    Array.from({ length: connections }, () => ask({ path, pauseMs, end: begin + roundMs })),
  )
  const requests = counts.reduce((sum, count) => sum + count, 0)
  return {
    speed: (requests * 1000) / (performance.now() - begin),
    cost: (processorTime(worker) - used) / requests,
    costAbove: (processorTime(master) - usedAbove) / requests,
  }
}

function ask({ path, pauseMs, end }) {
  return new Promise((done, fail) => {
    let count = 0
    const later = () => setTimeout(() => socket.write(request), pauseMs)
    const socket = connect(path, () => socket.write(request))
    socket.on('data', (chunk) => {
      if (!chunk.toString('latin1').endsWith('ok\n')) return fail(new Error(chunk.toString('latin1')))
      count += 1
      if (performance.now() < end) return pauseMs === 0 ? socket.write(request) : later()
      socket.destroy()
      done(count)
    })
    socket.on('error', fail)
  })
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
