import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { freePort } from '../helpers/free-port.ts'
import { request } from '../helpers/http-request.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { until } from '../helpers/until.ts'

/** One nginx in front of all contenders, each at a port of its own. */
export type Front = AsyncDisposable & { readonly portOf: (name: string) => number }

export type Sockets = Readonly<Record<string, readonly string[]>>

/**
 * Starts it. `pages` are what another server of the same nginx answers by itself, over a unix socket too: no server behind
 * this nginx can be faster.
 */
export async function startFront(
  nginx: string,
  dir: string,
  sockets: Sockets,
  pages: Readonly<Record<string, string>>,
) {
  const ceiling = join(dir, 'ceiling.sock')
  const all = { ...sockets, ceiling: [ceiling] }
  const ports = new Map<string, number>()
  for (const name of Object.keys(all)) ports.set(name, await freePort())
  mkdirSync(join(dir, 'pages'))
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(dir, 'pages', name), text)
  const servers = Object.entries(all).map(([name, paths]) => server(name, ports.get(name) ?? 0, paths))
  const file = join(dir, 'nginx.conf')
  writeFileSync(file, configuration(dir, [...servers, ceilingServer(ceiling, join(dir, 'pages'))].join('')))
  const args = ['-p', dir, '-e', join(dir, 'nginx.log'), '-c', file]
  const group = spawnGroup(nginx, args, { env: cleanEnvironment(), stdio: 'ignore' })
  const portOf = (name: string): number => ports.get(name) ?? 0
  try {
    await until(() => request({ port: portOf('ceiling') }, '/'), { what: 'nginx to answer' })
  } catch (error) {
    await group.kill()
    throw error
  }
  return { portOf, [Symbol.asyncDispose]: group.kill } satisfies Front
}

function configuration(dir: string, servers: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/${name};`)
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `${user} daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log ${dir}/nginx.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000; ${paths.join(' ')}
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Request-ID $request_id;
${servers}}
`
}

function server(name: string, port: number, paths: readonly string[]): string {
  const lines = paths.map((path) => `server unix:${path};`).join(' ')
  return `  upstream ${name} { zone ${name} 64k; least_conn; ${lines} keepalive 64; keepalive_requests 1000000; }
  server { listen 127.0.0.1:${port} backlog=2048; location / { proxy_pass http://${name}; } }
`
}

function ceilingServer(path: string, pages: string): string {
  return `  server { listen unix:${path}; root ${pages}; location = / { return 200 "Hello, world!\\n"; } }
`
}
