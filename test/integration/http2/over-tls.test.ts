import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Certificate, makeCertificate } from '../../helpers/certificates.ts'
import { type Http2Client, http2Client } from '../../helpers/http2-client.ts'
import { type Server, startServer } from '../../helpers/start-server.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { settled, until } from '../../helpers/until.ts'

const flagsOf = ({ certfile, keyfile }: Pick<Certificate, 'certfile' | 'keyfile'>, ...more: readonly string[]) => [
  ...['--certfile', certfile, '--keyfile', keyfile, '--http-protocols', 'h2', ...more],
]

type Counted = { answered: number; readonly lost: string[]; readonly names: Set<string> }

function nameOf({ session }: Http2Client): string {
  const certificate = Reflect.get(session.socket, 'getPeerCertificate') as () => { subject?: { CN?: string } }
  return String(Reflect.apply(certificate, session.socket, []).subject?.CN)
}

/**
 * Asks five things at a time, and connects anew once it is told to, as clients of HTTP/2 do. What a server refuses it has
 * not carried out (RFC 9113, 8.7), so that is asked again.
 */
async function askOn(port: number, counted: Counted, isOver: () => boolean): Promise<void> {
  let refused = 0
  while (!isOver() || refused > 0) {
    await using client = await http2Client(port)
    counted.names.add(nameOf(client))
    while ((!isOver() || refused > 0) && client.goaways().length === 0 && !client.session.closed) {
      const length = 5 + refused
      const some = Array.from({ length }, () => client.request('/sleep/5', { method: 'POST', body: 'hello' }))
      refused = 0
      for (const outcome of await Promise.allSettled(some)) {
        if (outcome.status === 'rejected' && /REFUSED_STREAM|with code 7$/.test(String(outcome.reason))) refused += 1
        else if (outcome.status === 'fulfilled' && outcome.value.status === 200) counted.answered += 1
        else counted.lost.push(outcome.status === 'rejected' ? String(outcome.reason) : String(outcome.value.status))
      }
    }
  }
}

async function reloadTo(server: Server, counted: Counted, name: string): Promise<void> {
  const reloads = () => server.log.filter((line) => /reloaded: 2 workers/.test(line)).length
  const before = reloads()
  server.signal('SIGHUP')
  await until(() => counted.names.has(name), { what: `the certificate ${name}`, within: 30_000 })
  // One that runs reads the files that the next one is about.
  await until(() => reloads() > before, { what: 'the end of the reload', within: 30_000 })
  const goal = counted.answered + 50
  await until(() => counted.answered >= goal, { what: 'answers after the reload' })
}

test('reloads with a new certificate lose no request of clients of HTTP/2, which come back and see it', async () => {
  await using dir = await tempDir()
  const [used, ...others] = await Promise.all(
    ['used', 'first', 'second'].map((name) => makeCertificate(dir, name, { name })),
  )
  assert.ok(used)
  const flags = flagsOf(used, '-w', '2', '--drain-idle', '1')
  await using server = await startServer({ app: 'obedient', bind: 'tcp', flags })
  const counted: Counted = { answered: 0, lost: [], names: new Set() }
  let isOver = false
  const clients = Array.from({ length: 3 }, () => askOn(server.port, counted, () => isOver))
  await until(() => counted.answered > 50)
  for (const [at, other] of others.entries()) {
    copyFileSync(other.keyfile, used.keyfile)
    copyFileSync(other.certfile, used.certfile)
    await reloadTo(server, counted, ['first', 'second'][at] ?? '')
  }
  isOver = true
  await settled(Promise.all(clients))
  assert.deepEqual(counted.lost, [])
  assert.deepEqual([...counted.names], ['used', 'first', 'second'])
})

const application = `export default ({ socket }, response) => response.end(
  JSON.stringify([socket.authorized, socket.getPeerCertificate().subject?.CN ?? null]))`

test('over HTTP/2 too, only client certificates of our authorities are let in, and the application sees whose', async () => {
  await using dir = await tempDir()
  const ours = await makeCertificate(dir, 'ours', { name: 'ours' })
  const theirs = await makeCertificate(dir, 'theirs', { name: 'theirs' })
  const friend = await makeCertificate(dir, 'friend', { name: 'friend', issuer: ours })
  const stranger = await makeCertificate(dir, 'stranger', { name: 'stranger', issuer: theirs })
  const app = await dir.write('app.mjs', application)
  const ask = async (port: number, client: Partial<Certificate>): Promise<unknown> => {
    const { cert, key } = client
    const connecting = http2Client(port, cert === undefined ? {} : { cert, key })
    const answer = connecting.then(async (connected) => {
      await using open = connected
      return JSON.parse((await open.request('/')).body)
    })
    return answer.catch(() => 'refused')
  }
  const seen: Record<string, unknown> = {}
  for (const reqs of ['optional', 'required']) {
    const flags = flagsOf(ours, '--ca-certs', ours.certfile, '--cert-reqs', reqs)
    await using server = await startServer({ app, bind: 'tcp', flags })
    seen[reqs] = [await ask(server.port, {}), await ask(server.port, friend), await ask(server.port, stranger)]
  }
  const welcome = [true, 'friend']
  assert.deepEqual(seen, {
    optional: [[false, null], welcome, 'refused'],
    required: ['refused', welcome, 'refused'],
  })
})
