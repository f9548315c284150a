import { execa } from 'execa'
import type { TempDir } from '../helpers/temp-dir.ts'
import { type Alteration, alterFile, type Given, guestbook } from './rehearsal.ts'

/** One way in which a stack can be broken, and the check that has to see it. */
export type Fault = {
  readonly words: string
  readonly seenBy: string
  readonly make: (dir: TempDir) => Promise<Given> | Given
}

const inSite = (change: (content: string) => string): Given => ({ alter: alterFile('guestbook.conf', change) })

const replacing = (what: string | RegExp, by: string) => inSite((content) => content.replaceAll(what as RegExp, by))

const each = (pattern: RegExp) => new RegExp(pattern, 'g')

/** An application around the guestbook, in a folder of its own. */
async function around(dir: TempDir, code: string): Promise<Given> {
  await dir.write('app.mjs', `${code}\nawait import('${guestbook}/app.js')\n`)
  return { site: { app: './app.mjs', workingDirectory: dir.path }, workingDirectory: dir.path }
}

/** Code that knows how often the application was started, this time included: twice is the first set of workers. */
function countingStarts(dir: TempDir, code: string): string {
  return `import { readdirSync, writeFileSync } from 'node:fs'
import { Server } from 'node:http'
writeFileSync(${JSON.stringify(dir.join('start-'))} + process.pid, '')
const starts = readdirSync(${JSON.stringify(dir.path)}).filter((name) => name.startsWith('start-')).length
${code}`
}

const coldStart = `const { emit } = Server.prototype
let asked = 0
Server.prototype.emit = function (event, request, response) {
  const cold = event === 'request' && starts > 2 && request.url === '/' && asked++ < 20
  return cold ? response.writeHead(503).end() !== null : emit.apply(this, arguments)
}`

/** A certificate of somebody else's making. */
async function certificateFor(dir: TempDir, name: string): Promise<Alteration> {
  const [certificate, key] = [dir.join('other.pem'), dir.join('other.key')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},DNS:localhost`]
  await execa('openssl', ['req', '-x509', ...curve, ...names, '-keyout', key, '-out', certificate])
  return alterFile('guestbook.conf', (content) =>
    content
      .replaceAll(/ssl_certificate [^;]+;/g, `ssl_certificate ${certificate};`)
      .replaceAll(/ssl_certificate_key [^;]+;/g, `ssl_certificate_key ${key};`),
  )
}

export const faults: readonly Fault[] = [
  {
    words: 'a directive nginx does not know',
    seenBy: 'nginx.syntax',
    make: () => replacing('server_tokens off;', 'server_token off;'),
  },
  {
    words: 'no redirect',
    seenBy: 'http.redirects',
    make: () => replacing(/return 301 [^;]+;/g, "return 200 'hello';"),
  },
  {
    words: 'a redirect to another port',
    seenBy: 'http.redirects',
    make: () => replacing(/return 301 https:\/\/\$host:\d+/g, 'return 301 https://$host'),
  },
  {
    words: 'no HTTP/2',
    seenBy: 'http2.negotiated',
    make: () => replacing(/ http2;|http2 on;/g, ';'),
  },
  {
    words: 'a certificate of another name',
    seenBy: 'tls.certificate-matches',
    make: async (dir) => ({ alter: await certificateFor(dir, 'other.example') }),
  },
  {
    words: 'a certificate of another key',
    seenBy: 'tls.certificate-matches',
    make: async (dir) => ({ alter: await certificateFor(dir, 'guestbook.example') }),
  },
  {
    words: 'TLS 1.1 allowed',
    seenBy: 'tls.versions',
    make: () =>
      inSite((content) =>
        content
          .replaceAll(/ssl_protocols [^;]+;/g, 'ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;')
          .replaceAll(/ssl_ciphers [^;]+;/g, 'ssl_ciphers DEFAULT:@SECLEVEL=0;'),
      ),
  },
  {
    words: 'TLS 1.2 forbidden',
    seenBy: 'tls.versions',
    make: () => replacing(/ssl_protocols [^;]+;/g, 'ssl_protocols TLSv1.3;'),
  },
  {
    words: 'sockets at another place',
    seenBy: 'app.answers',
    make: () => replacing(/server unix:(\S+)\/(\d+)\.sock/g, 'server unix:$1/elsewhere/$2.sock'),
  },
  {
    words: 'a page from nginx in place of the application',
    seenBy: 'app.answers',
    make: () => replacing(/proxy_pass http:[^;]+;/g, "return 200 'It works!';"),
  },
  {
    words: 'a worker missing in the upstream',
    seenBy: 'workers.balanced',
    make: () => replacing(/server unix:\S+\/2\.sock[^;]*;/g, ''),
  },
  {
    words: 'static files passed on to the application',
    seenBy: 'static.served-by-nginx',
    make: () => replacing('location ^~ /static/', 'location ^~ /somewhere/'),
  },
  {
    words: 'static files from a folder that is empty',
    seenBy: 'static.served-by-nginx',
    make: (dir) => ({ site: { static: [{ prefix: '/static/', directory: dir.path }] } }),
  },
  {
    words: 'no X-Forwarded-Proto',
    seenBy: 'client.address',
    make: () => replacing(/proxy_set_header X-Forwarded-Proto [^;]+;/g, ''),
  },
  {
    words: 'no X-Forwarded-For',
    seenBy: 'client.address',
    make: () => replacing(/proxy_set_header X-Forwarded-For [^;]+;/g, ''),
  },
  {
    words: 'a proxy that trusts every client about its address',
    seenBy: 'client.forged-header',
    make: () =>
      replacing(
        each(/client_max_body_size/),
        'set_real_ip_from 0.0.0.0/0; real_ip_header X-Forwarded-For; client_max_body_size',
      ),
  },
  {
    words: 'X-Real-IP passed on as the client wrote it',
    seenBy: 'client.forged-header',
    make: () => replacing(/proxy_set_header X-Real-IP [^;]+;/g, ''),
  },
  {
    words: 'no upgrade',
    seenBy: 'websocket.echo',
    make: () => replacing(/proxy_set_header (?:Upgrade|Connection) [^;]+;/g, ''),
  },
  {
    words: 'buffered event streams',
    seenBy: 'sse.first-event',
    // The server asks nginx not to buffer an event stream, whatever the site says.
    make: () => replacing('proxy_buffering off;', 'proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;'),
  },
  {
    words: 'a higher body limit',
    seenBy: 'body.limit',
    make: () => replacing(/client_max_body_size [^;]+;/g, 'client_max_body_size 100m;'),
  },
  {
    words: 'a lower body limit',
    seenBy: 'body.limit',
    make: () => replacing(/client_max_body_size [^;]+;/g, 'client_max_body_size 50k;'),
  },
  {
    words: 'an application that does not start a second time',
    seenBy: 'reload.loses-nothing',
    make: (dir) => around(dir, countingStarts(dir, "if (starts > 2) throw new Error('only twice')")),
  },
  {
    words: 'an application that answers 503 for a while after it has said that it is healthy',
    seenBy: 'reload.loses-nothing',
    make: (dir) => around(dir, countingStarts(dir, coldStart)),
  },
  {
    words: 'an application that leaves a process behind',
    seenBy: 'stop.clean',
    make: (dir) =>
      around(dir, `import { spawn } from 'node:child_process'\nspawn('sleep', ['600'], { stdio: 'ignore' }).unref()`),
  },
]
