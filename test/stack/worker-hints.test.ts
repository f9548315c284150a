import assert from 'node:assert/strict'
import test from 'node:test'
import { socketPaths } from '../../src/bundle/places.ts'
import { http2Client } from '../helpers/http2-client.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'
import { needs } from './needs.ts'
import { secure, serveSite } from './serve-site.ts'

const skip = needs('nginx', 'openssl')

// nginx passes early hints on from 1.29.0 (early_hints) and trailers from 1.27.2 (proxy_pass_trailers), where told to.
test('behind the generated site, an application that sends early hints and trailers is answered for, without them', {
  skip,
}, async () => {
  await using site = await serveSite({ name: 'shop', domain: ['localhost'], workers: 1, tls: 'self-signed' })
  using listener = holdListener(socketPaths(site.answers)[0] ?? '')
  await using worker = startWorker({ app: 'test/apps/who/listener.mjs', listeners: [listener] })
  await worker.serve()
  await using client = await http2Client(site.httpsPort)
  const headers = { ':authority': 'localhost' }
  for (const path of ['/early', '/trailers']) {
    assert.equal((await secure(site, path)).status, 200)
    const { status, body, hints, trailers } = await client.request(path, { headers })
    assert.deepEqual([status, hints, Object.keys(trailers)], [200, [], []])
    assert.match(body, path === '/early' ? /"method":"GET"/ : /^abc/)
  }
})
