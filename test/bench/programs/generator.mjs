// `generator.mjs JSON`: requests that begin at moments laid down beforehand, whether or not earlier ones are answered. What
// a request waits for before it can be sent counts as its time, which a tool that waits for answers never sees.
// Ends after `seconds`, or when its input ends, and prints what became of the requests.
import { connect } from 'node:net'

const { port, rate, seconds, seed, heavy, posts } = JSON.parse(process.argv[2])
const body = 'x'.repeat(1000)
const head = ['Host: localhost', 'User-Agent: bench', 'Accept: */*']
const texts = {
  fast: request('GET /'),
  heavy: request('GET /heavy'),
  post: `${request('POST /', `Content-Length: ${body.length}`)}${body}`,
}
const idle = []
const times = { fast: [], heavy: [], post: [] }
const statuses = {}
const lost = []
/** Fewer than nginx has connections for; with so many unanswered, there is no more to be learnt. */
const most = 400
let sent = 0
let unsent = 0
let open = 0
let random = seed

const plan = planned()
let next = 0
let isOver = false
const begin = performance.now()
process.stdin.on('end', () => finish()).resume()
tick()

function request(line, ...fields) {
  return `${[`${line} HTTP/1.1`, ...head, ...fields].join('\r\n')}\r\n\r\n`
}

/** The same moments for each seed: exponential pauses, as of many people who know nothing of each other. */
function planned() {
  const moments = []
  for (let at = 0; at < seconds * 1000; at += (-Math.log(1 - chance()) * 1000) / rate) {
    const lot = chance()
    moments.push({ at, kind: lot < heavy ? 'heavy' : lot < heavy + posts ? 'post' : 'fast' })
  }
  return moments
}

/** Mulberry32. */
function chance() {
  random = (random + 0x6d2b79f5) | 0
  let t = Math.imul(random ^ (random >>> 15), 1 | random)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

function tick() {
  const now = performance.now() - begin
  for (; !isOver && next < plan.length && plan[next].at <= now; next += 1) send(plan[next])
  if (next < plan.length && !isOver) setTimeout(tick, Math.max(0, plan[next].at - now))
  else finish()
}

function finish() {
  isOver = true
  if (open === 0) end()
}

function send({ at, kind }) {
  if (open >= most) {
    unsent += 1
    return
  }
  sent += 1
  open += 1
  const client = idle.pop() ?? connection()
  client.order = { kind, due: begin + at }
  client.socket.write(texts[kind])
}

function connection() {
  const client = { socket: connect(port, '127.0.0.1'), order: null, text: '' }
  client.socket.setNoDelay(true)
  client.socket.on('data', (chunk) => receive(client, chunk))
  client.socket.on('error', () => client.socket.destroy())
  client.socket.on('close', () => leave(client))
  return client
}

function leave(client) {
  const at = idle.indexOf(client)
  if (at >= 0) idle.splice(at, 1)
  if (client.order !== null) done(client, 'closed')
}

function receive(client, chunk) {
  client.text += chunk.toString('latin1')
  const end = client.text.indexOf('\r\n\r\n')
  if (end < 0) return
  const head = client.text.slice(0, end)
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
  if (client.text.length < end + 4 + length) return
  client.text = ''
  const isLast = /^connection: close/im.test(head)
  done(client, head.slice(9, 12))
  if (isLast) client.socket.destroy()
  else idle.push(client)
}

function done(client, status) {
  const { kind, due } = client.order
  client.order = null
  statuses[status] = (statuses[status] ?? 0) + 1
  if (status === '200') times[kind].push(Math.round((performance.now() - due) * 100) / 100)
  else lost.push(`${kind} ${status}`)
  open -= 1
  if (isOver && open === 0) end()
}

function end() {
  process.stdout.write(
    JSON.stringify({ sent, unsent, times, statuses, lost: lost.length, how: lost.slice(0, 5) }),
    () => process.exit(0),
  )
}
