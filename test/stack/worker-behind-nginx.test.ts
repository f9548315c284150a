import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { startLoad } from '../helpers/load.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { type HeldListener, holdListener, startWorker, type TestWorker } from '../helpers/worker-harness.ts'

const turns = 8

/** A proxy that keeps its connections to the socket, for less time than a leaving worker listens to an idle one. */
const config = (dir: TempDir): string => `
daemon off; pid ${dir.join('pid')}; error_log ${dir.join('error.log')} warn; worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path ${dir.join('body')}; proxy_temp_path ${dir.join('proxy')};
  fastcgi_temp_path ${dir.join('f')}; uwsgi_temp_path ${dir.join('u')}; scgi_temp_path ${dir.join('s')};
  upstream app { server unix:${dir.join('app.sock')} max_fails=0; keepalive 32; keepalive_timeout 3s; }
  server {
    listen unix:${dir.join('front.sock')};
    location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_next_upstream off; }
  }
}`

async function startNginx(dir: TempDir): Promise<AsyncDisposable> {
  const file = await dir.write('nginx.conf', config(dir))
  const { kill } = spawnGroup('nginx', ['-p', dir.path, '-c', file, '-e', dir.join('error.log')], { stdio: 'ignore' })
  await until(
    () =>
      new Promise<boolean>((resolve) => {
        const socket = connect(dir.join('front.sock'), () => resolve(true)).once('error', () => resolve(false))
        socket.once('connect', () => socket.destroy())
      }),
    { what: 'nginx to listen' },
  )
  return { [Symbol.asyncDispose]: kill }
}

async function serve(listener: HeldListener): Promise<TestWorker> {
  const worker = startWorker({ app: 'test/apps/obedient.mjs', listeners: [listener] })
  await worker.serve()
  return worker
}

test('replacing workers behind nginx loses no request, POST included, although nginx never asks twice', async () => {
  await using dir = await tempDir()
  using listener = holdListener(dir.join('app.sock'))
  let worker = await serve(listener)
  await using _nginx = await startNginx(dir)
  const target = { socketPath: dir.join('front.sock') }
  await using busy = startLoad({ target, connections: 6, path: '/sleep/3', method: 'POST', body: 'hello' })
  // Now and then a request, so that connections to the worker are idle in between.
  await using calm = startLoad({ target, rate: 7, path: '/', method: 'POST', body: 'hello' })
  for (let turn = 0; turn < turns; turn += 1) {
    const next = await serve(listener)
    worker.drain(20_000)
    assert.equal(await worker.ended({ within: 30_000 }), 0)
    await busy.progress(50)
    worker = next
  }
  const counts = [await busy.stop(), await calm.stop()]
  await worker[Symbol.asyncDispose]()
  for (const { sent, answered, lost, statuses } of counts) {
    assert.deepEqual({ lost, answered, statuses }, { lost: [], answered: sent, statuses: { 200: sent } })
  }
})
