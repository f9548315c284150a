import assert from 'node:assert/strict'
import test from 'node:test'
import { socketPaths } from '../../src/bundle/places.ts'
import { makeCertificate } from '../helpers/certificates.ts'
import { type Answer, request } from '../helpers/http-request.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { serving } from '../helpers/serving-worker.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'
import { needs, program } from './needs.ts'
import { freePort } from './place-site.ts'
import { secure, serveSite } from './serve-site.ts'

/** What a client claims of itself, in every way there is. */
const lies = {
  'x-forwarded-for': '198.51.100.7',
  'x-forwarded-proto': 'http',
  'x-real-ip': '198.51.100.7',
  forwarded: 'for=198.51.100.7;proto=http',
}

for (const framework of ['express', 'express4', 'fastify', 'koa', 'hono']) {
  const title = `behind the generated site, an unmodified application of ${framework} knows client and scheme, and believes no client`
  test(title, { skip: needs('nginx', 'openssl') }, async () => {
    await using site = await serveSite({ name: 'shop', domain: ['localhost'], workers: 1, tls: 'self-signed' })
    using listener = holdListener(socketPaths(site.answers)[0] ?? '')
    await using worker = startWorker({ app: `test/apps/who/${framework}.mjs`, listeners: [listener] })
    await worker.serve()
    for (const headers of [{}, lies]) {
      const answer = await secure(site, '/who', { headers })
      const { ip, protocol, secure: isSecure, hostname } = answer.json() as Record<string, unknown>
      assert.deepEqual([ip, protocol, isSecure, hostname], ['127.0.0.1', 'https', true, 'localhost'])
      assert.match(String(answer.headers['set-cookie']), /^a=b; .*secure/i)
    }
    const redirect = await secure(site, '/redirect')
    assert.deepEqual([redirect.status, redirect.headers.location], [302, '/who'])
  })
}

const balancers = [
  ['send-proxy', 'v1'],
  ['send-proxy-v2', 'v2'],
] as const

for (const [word, proxyProtocol] of balancers) {
  test(`HAProxy with ${word} tells the client, before TLS too`, { skip: needs('haproxy', 'openssl') }, async () => {
    await using dir = await tempDir()
    const { certfile, keyfile } = await makeCertificate(dir, 'site')
    for (const tls of [{}, { certfile, keyfile }]) {
      await using server = await serving('echo.mjs', { proxyProtocol, ...tls })
      const front = await freePort()
      const { port } = server.listener.target as { port: number }
      const config = `defaults
  mode tcp
  timeout connect 5s
  timeout client 5s
  timeout server 5s
listen l
  bind 127.0.0.1:${front}
  server s 127.0.0.1:${port} ${word}
`
      const args = ['-db', '-f', await dir.write('haproxy.cfg', config)]
      const haproxy = spawnGroup(program('haproxy'), args, { stdio: 'ignore' })
      const ask = (): Promise<Answer> => request({ port: front }, '/', 'certfile' in tls ? { tls: true } : {})
      const { client } = (await until(ask)).json() as { client: { remoteAddress: string; remotePort: number } }
      await haproxy.kill()
      assert.equal(client.remoteAddress, '127.0.0.1')
      assert.ok(client.remotePort > 0)
      assert.equal(server.worker.log(), '')
    }
  })
}
