import type { SystemFault } from './faults.ts'

const unit = '/etc/systemd/system/site.service'
const site = '/etc/nginx/sites-available/site.conf'
const headers = '/etc/nginx/tsicorn/site/headers.conf'
const mine = '/etc/nginx/tsicorn/site/server.d/mine.conf'
const tls = '/etc/site/tls'

const inSite = (script: string) => `sed -i -E '${script}' ${site}; systemctl reload nginx`
// Many starts in a row are no failure here, as systemd would count them.
const inUnit = (script: string) =>
  `sed -i -E '${script}' ${unit}; systemctl daemon-reload; systemctl reset-failed site.service; systemctl restart site`

const scaleDown = `tsicorn ctl scale 1 --name site
master=$(systemctl show --property=MainPID --value site.service)
for i in $(seq 200); do [ "$(pgrep --parent "$master" | wc -l)" = 1 ] && break; sleep 0.05; done`

/** What implies NoNewPrivileges= (systemd.exec(5)) goes with it. */
const sandbox =
  'NoNewPrivileges|SystemCall|Restrict|LockPersonality|PrivateDevices|ProtectClock|ProtectKernel|ProtectHostname'

const live = (words: string, seenBy: SystemFault['seenBy'], make: string): SystemFault => ({
  ...{ words, layer: 'live', seenBy, make },
})

/** Several faults at once, each with its own fix, or all with the same. */
const together = (...given: Parameters<typeof live>): SystemFault => ({ ...live(...given), fixes: 'each' })

/** Faults of a stack that runs: what the kernel, systemd, the control socket or a visitor can tell. */
export const liveFaults: readonly SystemFault[] = [
  live('a worker less', ['process.workers', 'workers.balanced'], scaleDown),
  live(
    'the group of nginx for the service',
    ['process.identity'],
    inUnit('s/^Group=.*/&\\nSupplementaryGroups=www-data/'),
  ),
  live(
    'a capability of root',
    ['process.capabilities'],
    inUnit('s/^(AmbientCapabilities|CapabilityBoundingSet)=.*/\\1=CAP_NET_BIND_SERVICE/'),
  ),
  live('a way to more rights', ['process.no-new-privileges', 'process.seccomp'], inUnit(`/^(${sandbox})/d`)),
  live('every system call', ['process.seccomp'], inUnit(`/^(${sandbox.replace('NoNewPrivileges|', '')})/d`)),
  live('few descriptors', ['process.descriptors'], inUnit('s/^LimitNOFILE=.*/LimitNOFILE=1024/')),
  live('a debugger', ['process.no-debugger'], inUnit('s#^(ExecStart=[^ ]+) #\\1 --inspect=127.0.0.1:0 #')),
  live(
    'a debugger in the environment',
    ['process.no-debugger'],
    'echo NODE_OPTIONS=--inspect=127.0.0.1:0 >> /etc/site/env; systemctl restart site',
  ),
  live('no watchdog', ['watchdog.armed'], inUnit('/^WatchdogSec=/d')),
  live(
    'a socket that is gone',
    ['socket.owner', 'socket.mode', 'workers.balanced'],
    // Connections to it that nginx has kept would go on.
    'rm /run/site/1.sock; systemctl restart nginx',
  ),
  live(
    'a directory of sockets that only the service enters',
    ['socket.reachable', 'app.answers'],
    'chmod 0700 /run/site; systemctl restart nginx',
  ),
  live('a control socket that is gone', ['control.answers'], 'rm /run/site/control.sock'),
  {
    ...live(
      'an application that is not well',
      ['app.healthy'],
      `echo 'location = /healthz { return 503; }' > ${mine}; systemctl reload nginx`,
    ),
    after: `rm ${mine}; systemctl reload nginx`,
  },
  live('a mistyped directive', ['nginx.syntax'], `sed -i 's/server_tokens off;/server_token off;/' ${site}`),
  live(
    'a page of nginx in the place of the application',
    ['app.answers'],
    inSite('s#proxy_pass http:[^;]+;#return 200 "It works!";#'),
  ),
  live(
    'a site for every name',
    ['front.unknown-name'],
    inSite(
      `s#ssl_reject_handshake on;#ssl_certificate ${tls}/fullchain.pem; ssl_certificate_key ${tls}/privkey.pem;#; s/return 444;/return 200 x;/`,
    ),
  ),
  live('the version told', ['front.quiet'], inSite('s/server_tokens off/server_tokens on/')),
  live(
    'a security header less',
    ['front.security-headers'],
    `sed -i /X-Frame-Options/d ${headers}; systemctl reload nginx`,
  ),
  live('no HSTS', ['tls.hsts'], `sed -i /Strict-Transport-Security/d ${headers}; systemctl reload nginx`),
  together(
    'a cipher without forward secrecy, and a certificate of another name',
    ['tls.ciphers', 'tls.certificate-matches'],
    `openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=site -addext subjectAltName=DNS:other.test \\
  -keyout ${tls}/privkey.pem -out ${tls}/fullchain.pem 2>/dev/null
${inSite('s/ssl_ciphers [^;]+;/ssl_ciphers ALL:@SECLEVEL=0;/')}`,
  ),
  together(
    'a site edited until little of it holds',
    [
      ...(['http2.negotiated', 'tls.versions', 'static.served-by-nginx', 'client.forged-header'] as const),
      ...(['websocket.echo', 'sse.first-event', 'body.limit', 'workers.balanced'] as const),
    ],
    inSite(
      [
        ...['s/ ssl http2;/ ssl;/', 's/http2 on;//', 's/ssl_protocols [^;]+;/ssl_protocols TLSv1.2;/'],
        ...['s#location \\^~ /static/#location ^~ /elsewhere/#', '/proxy_set_header X-Real-IP/d'],
        ...['/proxy_set_header Upgrade/d', 's/client_max_body_size [^;]+;/client_max_body_size 50k;/'],
        's/proxy_buffering off;/proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;/',
        '/server unix:.run.site.2.sock/d',
      ].join('; '),
    ),
  ),
  live('no X-Forwarded-Proto', ['client.address'], inSite('/proxy_set_header X-Forwarded-Proto/d')),
  live(
    'a log that may not be opened again',
    ['log.reopened'],
    inUnit('s#^LogsDirectory=.*#ReadWritePaths=/var/log/site/server.log#; /^LogsDirectoryMode=/d'),
  ),
  {
    ...live(
      'an application that does not start again',
      ['worker.replaced', 'reload.loses-nothing'],
      `sed -i '1i throw new Error("not again")' /srv/guestbook/app.js`,
    ),
    before: 'sed -i 1d /srv/guestbook/app.js',
  },
].map((fault) => ({ ...fault, active: ['log.reopened', 'worker.replaced'].includes(fault.seenBy[0]) }))
