import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { forEach } from '../helpers/replay.ts'
import { type RequestCase, readCorpus } from '../helpers/request-corpus.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { needs, program } from './needs.ts'

/** As it is often written, bodies passed on as they come: what nginx makes of a request is what tsicorn gets to see. */
const config = (dir: TempDir, socketPath: string, buffering: 'on' | 'off'): string => `
daemon off; pid ${dir.join('pid')}; error_log ${dir.join('error.log')} error; worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
  log_format told '$request_method $request_uri|$upstream_addr|$upstream_status';
  access_log ${dir.join('access.log')} told;
  client_body_temp_path ${dir.join('b')}; proxy_temp_path ${dir.join('p')}; fastcgi_temp_path ${dir.join('f')};
  uwsgi_temp_path ${dir.join('u')}; scgi_temp_path ${dir.join('s')}; underscores_in_headers on; ignore_invalid_headers off;
  upstream app { server unix:${socketPath} max_fails=0; keepalive 4; }
  server {
    listen unix:${dir.join('front.sock')};
    location / {
      proxy_pass http://app; proxy_http_version 1.1; proxy_request_buffering ${buffering}; proxy_next_upstream off; proxy_ignore_client_abort on;
      proxy_set_header Host $http_host; proxy_set_header Connection ''; proxy_set_header X-Forwarded-For $remote_addr;
    }
  }
}`

const isUp = (path: string) => (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

async function startNginx(dir: TempDir, server: Server, buffering: 'on' | 'off'): Promise<AsyncDisposable> {
  const file = await dir.write('nginx.conf', config(dir, server.socketPath, buffering))
  const args = ['-p', dir.path, '-c', file, '-e', dir.join('error.log')]
  const { kill } = spawnGroup(program('nginx'), args, { stdio: 'ignore' })
  await until(isUp(dir.join('front.sock')), { what: 'nginx to listen' })
  return { [Symbol.asyncDispose]: kill }
}

/** Sends a case and a request behind it, and takes what comes until the connection ends. */
async function send(socketPath: string, one: RequestCase, number: number): Promise<void> {
  await using socket = await rawSocket({ socketPath })
  socket.write(one.bytes(number))
  socket.write(`GET /${number}/behind HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  socket.end()
  await socket.closed({ what: `the end of ${one.name}` })
}

/** What nginx began to pass on; without a status when its client went away before the answer. */
type Passed = { readonly target: string; readonly status: string }

/** What nginx says it has passed on, by the number in the path. */
function readPassed(dir: TempDir): ReadonlyMap<string, readonly Passed[]> {
  const passed = new Map<string, Passed[]>()
  for (const line of readFileSync(dir.join('access.log'), 'utf8').split('\n')) {
    const [target = '', address = '-', status = '-'] = line.split('|')
    const number = /^\S+ (?:https?:\/\/[^/]*)?\/(\d+)/i.exec(target)?.[1]
    if (number === undefined || address === '-') continue
    passed.set(number, [...(passed.get(number) ?? []), { target: target.slice(0, 100), status }])
  }
  return passed
}

for (const buffering of ['on', 'off'] as const) {
  test(`nginx and tsicorn agree where every request ends, proxy_request_buffering ${buffering}`, {
    skip: needs('nginx'),
  }, async () => {
    await using dir = await tempDir()
    await using server = await startServer({ app: 'bookkeeper', flags: ['--header-map', 'dangerous'] })
    await using _nginx = await startNginx(dir, server, buffering)
    const cases = [...readCorpus('valid'), ...readCorpus('invalid')].flatMap((family) => family.cases)
    const numbered = cases.map((one, index) => ({ one, number: 1000 + index }))
    await forEach(numbered, 8, ({ one, number }) => send(dir.join('front.sock'), one, number))
    await request({ socketPath: dir.join('front.sock') }, '/9999/last')
    await until(() => readPassed(dir).get('9999') !== undefined, { what: 'the last line of the access log' })
    const passed = readPassed(dir)
    const disagreements: string[] = []
    await forEach(numbered, 8, async ({ one, number }) => {
      const { begun } = (await request(server.target, `/ledger/${number}`)).json() as { begun: readonly string[] }
      const all = passed.get(String(number)) ?? []
      // Of these, and of these alone, the application may have seen nothing.
      const unseen = all.filter(({ status }) => /^[45-]/.test(status)).length
      const isSane = begun.length <= all.length && begun.length + unseen >= all.length
      if (!isSane) disagreements.push(`${one.name}: nginx ${JSON.stringify(all)}, tsicorn ${JSON.stringify(begun)}`)
    })
    assert.deepEqual(disagreements, [])
    assert.ok(passed.size > cases.length / 3, `${passed.size} of ${cases.length} cases got as far as tsicorn`)
  })
}
