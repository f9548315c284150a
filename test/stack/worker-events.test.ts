import assert from 'node:assert/strict'
import type http from 'node:http'
import https from 'node:https'
import test from 'node:test'
import { socketPaths } from '../../src/bundle/places.ts'
import { http2Client } from '../helpers/http2-client.ts'
import { until } from '../helpers/until.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'
import { needs } from './needs.ts'
import { secure, serveSite, tls } from './serve-site.ts'

const skip = needs('nginx', 'openssl')

for (const path of ['/', '/set']) {
  test(`behind the generated site, each event of ${path} comes at once to a client that does not say it wants events`, {
    skip,
  }, async () => {
    await using site = await serveSite({ name: 'shop', domain: ['localhost'], workers: 1, tls: 'self-signed' })
    using listener = holdListener(socketPaths(site.answers)[0] ?? '')
    await using worker = startWorker({ app: 'test/apps/events.mjs', listeners: [listener] })
    await worker.serve()
    let [seen, headers] = ['', {} as http.IncomingHttpHeaders]
    const where = { host: '127.0.0.1', port: site.httpsPort, ...tls, rejectUnauthorized: false, path }
    const outgoing = https.get({ ...where, agent: false, headers: { host: 'localhost' } }).on('error', () => {})
    outgoing.on('response', (answer) => {
      headers = answer.headers
      answer
        .on('error', () => {})
        .setEncoding('utf8')
        .on('data', (text: string) => (seen += text))
    })
    await until(() => seen === 'data: first\n\n', { what: 'the first event' })
    await secure(site, path, { method: 'POST' })
    await until(() => seen === 'data: first\n\ndata: next\n\n', { what: 'the next event' })
    assert.equal(headers['x-accel-buffering'], undefined)
    await using client = await http2Client(site.httpsPort)
    const stream = client.session.request({ ':path': path, ':authority': 'localhost' }).on('error', () => {})
    let streamed = ''
    stream.setEncoding('utf8').on('data', (text: string) => (streamed += text))
    await until(() => streamed === 'data: first\n\n', { what: 'the first event over HTTP/2' })
    outgoing.destroy()
  })
}
