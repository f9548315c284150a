/** One way in which the files of a site can be wrong, and the check that has to see it. */
export type FileFault = {
  readonly words: string
  readonly seenBy: string
  /** How the path of the file ends, what is replaced in it, and by what. */
  readonly file: string
  readonly from: string | RegExp
  readonly to: string
}

const fault = (
  file: string,
  rows: readonly (readonly [seenBy: string, words: string, from: string | RegExp, to: string])[],
): readonly FileFault[] =>
  rows.map(([seenBy, words, from, to]) => ({ file, seenBy: `files.${seenBy}`, words, from, to }))

const nginx = fault('sites-available/demo.conf', [
  ['nginx-syntax', 'a directive nginx does not know', 'server_tokens off;', 'server_token off;'],
  ['keep-alive', 'idle connections kept for as long as the nginx default', /keepalive_timeout 3s;/, ''],
  [
    'read-time',
    'a visitor gets a 504 before the hung worker is replaced',
    /proxy_read_timeout 60s;/,
    'proxy_read_timeout 20s;',
  ],
  ['body-limit', 'a higher body limit', /client_max_body_size [^;]+;/, 'client_max_body_size 100m;'],
  ['nginx-sockets', 'a worker missing in the upstream', /\n.*server unix:\S+\/2\.sock[^;]*;/, ''],
  ['kept-connections', 'no kept connections', /\n {4}keepalive \d+;/, ''],
  ['no-banishment', 'workers set aside after a failure', / max_fails=0/g, ''],
  ['http-version', 'HTTP/1.0 to the workers', 'proxy_http_version 1.1;', 'proxy_http_version 1.0;'],
  ['upgrade', "the common '' close", "    ''      '';", "    ''      close;"],
  ['upgrade', 'no Upgrade', /\n.*proxy_set_header Upgrade [^;]+;/, ''],
  ['host', 'the name as the client wrote it', 'proxy_set_header Host $host;', 'proxy_set_header Host $http_host;'],
  [
    'client-headers',
    'an appended X-Forwarded-For',
    'X-Forwarded-For $remote_addr',
    'X-Forwarded-For $proxy_add_x_forwarded_for',
  ],
  ['client-headers', 'X-Real-IP passed on', /\n.*proxy_set_header X-Real-IP [^;]+;/, ''],
  ['scheme-header', 'no X-Forwarded-Proto', /\n.*proxy_set_header X-Forwarded-Proto [^;]+;/, ''],
  ['dropped-headers', 'Proxy passed on (httpoxy)', /\n.*proxy_set_header Proxy "";/, ''],
  ['one-header', 'X-Request-ID sent twice', /(\n.*proxy_set_header X-Request-ID [^;]+;)/, '$1$1'],
  ['second-try', 'posts sent twice', 'proxy_next_upstream error;', 'proxy_next_upstream error non_idempotent;'],
  ['streams', 'buffered event streams', 'proxy_buffering off;', 'proxy_buffering on;'],
  ['static-aliases', 'an alias without its slash', /alias (\S+static)\/;/, 'alias $1;'],
  ['static-aliases', 'hidden files served', /location ~ \/\\\. \{/, 'location ~ /nothing {'],
  [
    'trusted-proxies',
    'everybody believed to be a proxy',
    /(\n {4}client_max_body_size)/,
    '\n    set_real_ip_from 0.0.0.0/0;$1',
  ],
  ['names', 'a name that is not served', /www\.demo\.example/g, 'other.demo.example'],
  [
    'tls-versions',
    'TLS 1.0 allowed',
    /ssl_protocols TLSv1\.2 TLSv1\.3;\n( {4}ssl_ciphers)/,
    'ssl_protocols TLSv1 TLSv1.2 TLSv1.3;\n$1',
  ],
  ['tls-ciphers', 'a cipher without forward secrecy', 'ssl_ciphers ', 'ssl_ciphers AES128-SHA:'],
  [
    'certificate',
    'the key of another place',
    /\n {4}ssl_certificate_key [^;]+privkey\.pem;/,
    '\n    ssl_certificate_key /etc/demo/tls/other.pem;',
  ],
  ['redirect', 'no redirect', /return 301 [^;]+;/, "return 200 'hello';"],
  ['redirect', 'no way for the certificate authority', '/.well-known/acme-challenge/', '/.well-known/other/'],
  ['access-log', 'a log that does not tell who answered', ' upstream=$upstream_addr', ''],
  ['version-hidden', 'the version told', /server_tokens off;/g, 'server_tokens on;'],
  ['client-times', 'no limit for slow headers', /\n.*client_header_timeout [^;]+;/, ''],
  [
    'headers-inherited',
    'a location that loses the security headers',
    /(location \^~ \/static\/ \{)/,
    '$1\n        add_header X-Mine 1;',
  ],
  ['maintenance', 'no switch for maintenance', /if \(-f [^)]+\)/, 'if ($args = maintenance)'],
])

const service = fault('system/demo.service', [
  ['unit-syntax', 'a mistyped key', 'KillMode=mixed', 'KillMode=mixed\nKillModee=mixed'],
  ['stop-time', 'less time to stop than the workers have', /TimeoutStopSec=.*/, 'TimeoutStopSec=20s'],
  ['start-time', 'less time to start than a worker has', /TimeoutStartSec=.*/, 'TimeoutStartSec=30s'],
  ['watchdog', 'no watchdog', /\nWatchdogSec=.*/, ''],
  ['watchdog', 'a hasty watchdog', /WatchdogSec=.*/, 'WatchdogSec=10s'],
  ['descriptors', 'few descriptors', /LimitNOFILE=.*/, 'LimitNOFILE=1024'],
  ['tasks', 'no room for threads', /TasksMax=.*/, 'TasksMax=20'],
  ['memory', 'no limit for memory', /\nMemoryMax=.*/, ''],
  ['socket-first', 'started without its sockets', 'Requires=demo.socket', 'Wants=demo.socket'],
  ['control-socket', 'a reload that asks another socket', 'control.sock', 'other.sock'],
  ['identity', 'no User=', /\nUser=.*/, ''],
  ['start-command', 'another config file', /(serve --config) \S+/, '$1 /etc/other/tsicorn.config.json'],
  ['notify', 'a service that counts as started at once', 'Type=notify', 'Type=exec'],
  ['kill-mode', 'workers told to stop by systemd', 'KillMode=mixed', 'KillMode=control-group'],
  ['out-of-memory', 'the service ends with one worker', 'OOMPolicy=continue', 'OOMPolicy=stop'],
  ['restart', 'never started again', 'Restart=on-failure', 'Restart=no'],
  ['exit-codes', 'a crash that is final', /RestartPreventExitStatus=.*/, 'RestartPreventExitStatus=1 2 4'],
  ['umask', 'files for everybody', 'UMask=0027', 'UMask=0022'],
  ['writable', 'a run directory that is read-only', /\nReadWritePaths=\/run\/demo/, ''],
  ['no-new-privileges', 'a way to more rights', /\nNoNewPrivileges=yes/, ''],
  ['read-only-system', 'a system that may be written to', 'ProtectSystem=strict', 'ProtectSystem=no'],
  ['private-places', 'the devices of the host', /\nPrivateDevices=yes/, ''],
  ['kernel', 'modules may be loaded', 'ProtectKernelModules=yes', 'ProtectKernelModules=no'],
  ['other-processes', 'the processes of others in sight', /\nProtectProc=invisible/, ''],
  ['system-calls', 'every system call', /\nSystemCallFilter=.*/g, ''],
  ['code-memory', 'no memory for code', 'LockPersonality=yes', 'LockPersonality=yes\nMemoryDenyWriteExecute=yes'],
])

const socket = fault('system/demo.socket', [
  ['backlog', 'a shorter queue', /Backlog=.*/, 'Backlog=128'],
  ['systemd-sockets', 'a socket at another place', 'ListenStream=/run/demo/2.sock', 'ListenStream=/run/demo/3.sock'],
  ['socket-access', 'sockets for everybody', 'SocketMode=0660', 'SocketMode=0666'],
  ['socket-access', 'sockets for another group', /SocketGroup=.*/, 'SocketGroup=root'],
])

const server = fault('tsicorn.config.json', [
  ['config-syntax', 'a setting that does not exist', '"backlog"', '"backlogg"'],
  ['server-sockets', 'one worker more than sockets', '"workers": 2', '"workers": 3'],
  [
    'body-limit',
    'a server that refuses what nginx lets through',
    '"workers": 2',
    '"workers": 2, "limitRequestBody": "1k"',
  ],
])

const rules = fault('logrotate.d/demo', [
  ['rotation-syntax', 'a rule logrotate does not know', 'delaycompress', 'delaycompress\n    compresss'],
  ['rotation-signal', 'nobody is told', /-s USR1/g, '-s HUP'],
  ['rotation-signal', 'the workers are told too', /--kill-whom?=main/g, '--kill-whom=all'],
  ['rotation-whole', 'copytruncate', 'delaycompress', 'delaycompress\n    copytruncate'],
  ['rotation-files', 'another log rotated', '/var/log/demo/*.log', '/var/log/demo/*.txt'],
])

/** Faults of what the files say, in the bundle and in place alike. */
export const fileFaults: readonly FileFault[] = [...nginx, ...service, ...socket, ...server, ...rules]
