/** One way in which a host that runs a site can be broken, and the check that has to see it. */
export type SystemFault = {
  readonly words: string
  /** The layer that is asked, and the ids that fail there. The fix of the first one is pasted, or each of theirs. */
  readonly layer: 'files' | 'host' | 'live'
  readonly seenBy: readonly [string, ...string[]]
  /** A shell script that breaks it. */
  readonly make: string
  readonly fixes?: 'each'
  /** What a person does before, where the fix cannot do without; besides, where it is not all of it; instead, where there is none. */
  readonly before?: string
  readonly after?: string
  /** What takes the rest of it away, once nothing is wrong any more. */
  readonly undo?: string
  /** Also what is done only when it is asked for. */
  readonly active?: boolean
}

const socket = '/run/site/1.sock'
const unit = '/etc/systemd/system/site.service'
const site = '/etc/nginx/sites-available/site.conf'
const certificate = '/etc/site/tls'

/** A certificate that ended long ago: `req` takes no dates before OpenSSL 3.4, `ca` does. */
const expired = `cd "$(mktemp -d)"; : > index; echo 01 > serial
printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\nserial=serial\\nnew_certs_dir=.\\ndefault_md=sha256\\npolicy=p\\nx509_extensions=x\\n[p]\\ncommonName=supplied\\n[x]\\nsubjectAltName=DNS:guestbook.test\\n' > c
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=guestbook.test -keyout ${certificate}/privkey.pem -out r
openssl ca -batch -selfsign -config c -keyfile ${certificate}/privkey.pem -in r -out ${certificate}/fullchain.pem -notext -startdate 20200101000000Z -enddate 20200201000000Z`

export const systemFaults: readonly SystemFault[] = [
  {
    words: 'an expired certificate',
    layer: 'host',
    seenBy: ['host.certificate-days'],
    make: `${expired} 2>/dev/null; systemctl reload nginx`,
  },
  {
    words: 'the wrong group on a socket',
    layer: 'live',
    seenBy: ['socket.owner', 'workers.balanced'],
    // What nginx has opened before it may go on using.
    make: `chgrp root ${socket}; systemctl restart nginx`,
  },
  { words: 'a socket for everybody', layer: 'live', seenBy: ['socket.mode'], make: `chmod 0666 ${socket}` },
  {
    words: 'port 80 taken by another program',
    layer: 'host',
    seenBy: ['host.ports', 'host.nginx-active'],
    make: `systemctl stop nginx
systemd-run --quiet --unit=thief python3 -c 'import socket, time; s = socket.create_server(("0.0.0.0", 80)); time.sleep(600)'
for i in $(seq 100); do grep -q ':0050 .* 0A ' /proc/net/tcp && break; sleep 0.05; done
systemctl start nginx 2>/dev/null || true`,
  },
  {
    words: 'a broken edit by hand',
    layer: 'host',
    seenBy: ['host.nginx-syntax'],
    make: `sed -i 's/server_tokens off;/server_tokens of/' ${site}`,
  },
  {
    words: 'User= removed',
    layer: 'host',
    seenBy: ['loaded.identity', 'host.exposure'],
    make: `sed -i '/^User=/d' ${unit}; systemctl daemon-reload`,
  },
  {
    words: 'a line of the sandbox removed',
    layer: 'host',
    seenBy: ['loaded.no-new-privileges'],
    make: `sed -i '/^NoNewPrivileges=/d' ${unit}; systemctl daemon-reload`,
  },
  {
    words: 'units that systemd has not read again',
    layer: 'host',
    seenBy: ['host.units-loaded'],
    make: `echo '# changed' >> ${unit}; touch -d '+1 minute' ${unit}`,
    undo: 'cd /srv/guestbook && tsicorn deploy --force',
  },
  {
    words: 'a drop-in that gives less time to stop',
    layer: 'host',
    seenBy: ['loaded.stop-time'],
    make: `mkdir -p ${unit}.d; printf '[Service]\\nTimeoutStopSec=5s\\n' > ${unit}.d/mine.conf; systemctl daemon-reload`,
    undo: `rm -r ${unit}.d`,
  },
  {
    words: 'the redirect removed',
    layer: 'live',
    seenBy: ['http.redirects'],
    make: `sed -i 's#return 301 .*;#return 200 hello;#' ${site}; systemctl reload nginx`,
  },
  {
    words: 'the signal removed from the rules of logrotate',
    layer: 'host',
    seenBy: ['loaded.rotation-signal'],
    make: 'sed -i s/USR1/WINCH/ /etc/logrotate.d/site',
  },
  {
    words: 'units that are not enabled',
    layer: 'host',
    seenBy: ['host.enabled'],
    make: 'systemctl disable --quiet site.socket site.service',
  },
  {
    words: 'the timer of logrotate disabled',
    layer: 'host',
    seenBy: ['host.rotation-timer'],
    make: 'systemctl disable --now --quiet logrotate.timer',
  },
  {
    words: 'the service stopped',
    layer: 'live',
    seenBy: ['service.active'],
    make: 'systemctl stop site.socket site.service',
  },
  {
    words: 'the user of the service in a mighty group',
    layer: 'host',
    seenBy: ['host.modest-user'],
    make: 'usermod --append --groups shadow site',
  },
  {
    words: 'a key that everybody may read',
    layer: 'host',
    seenBy: ['host.key-secret'],
    make: `chmod 0644 ${certificate}/privkey.pem`,
  },
  {
    words: 'a directory of sockets that everybody may enter',
    layer: 'host',
    seenBy: ['host.directories'],
    make: 'chmod 0755 /run/site',
  },
  {
    words: 'a shorter queue of the kernel',
    layer: 'host',
    seenBy: ['host.queue'],
    make: 'sysctl --quiet --write net.core.somaxconn=128',
  },
  {
    words: 'a setting changed without a restart',
    layer: 'live',
    seenBy: ['control.config-current'],
    make: `sed -i 's/"timeout": "30s"/"timeout": "29s"/' /etc/site/tsicorn.config.json`,
    undo: 'cd /srv/guestbook && tsicorn deploy --force',
  },
]
