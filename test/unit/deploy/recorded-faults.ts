import type { Recorded } from './recorded-host.ts'

/** The check that sees it, how, the fault in words, and what makes it. */
export type HostFault = readonly [
  seenBy: string,
  status: 'fail' | 'warn',
  words: string,
  make: (host: Recorded) => void,
]

const state = (host: Recorded, unit: string, change: Record<string, string>) =>
  void host.states.set(unit, { ...host.states.get(unit), ...change })

/** Faults of a recorded host. */
export const hostFaults: readonly HostFault[] = [
  [
    'host.units-loaded',
    'fail',
    'a unit that changed since',
    (host) => state(host, 'demo.service', { NeedDaemonReload: 'yes' }),
  ],
  [
    'host.units-loaded',
    'fail',
    'a unit that cannot be loaded',
    (host) => state(host, 'demo.socket', { LoadState: 'bad-setting' }),
  ],
  [
    'host.nginx-syntax',
    'fail',
    'an error in the configuration',
    (host) => {
      host.nginxSays = 'nginx: [emerg] unknown directive "x"'
    },
  ],
  [
    'host.name-conflicts',
    'fail',
    'the same name in another site',
    (host) => void host.files.set('/etc/nginx/sites-enabled/old.conf', 'server { server_name demo.example.org; }'),
  ],
  [
    'host.config',
    'fail',
    'a setting that does not exist',
    (host) => void host.files.set('/etc/demo/tsicorn.config.json', '{ "x": 1 }'),
  ],
  [
    'host.rotation-rules',
    'fail',
    'rules of logrotate that are gone',
    (host) => void host.files.delete('/etc/logrotate.d/demo'),
  ],
  [
    'host.accounts',
    'fail',
    'a user that does not exist',
    (host) => void host.programs.set('getent passwd demo www-data', 'www-data:x:33:33::/:/x\n'),
  ],
  [
    'host.modest-user',
    'fail',
    'a user in the group of docker',
    (host) => void host.programs.set('id -Gn demo', 'demo docker\n'),
  ],
  [
    'host.directories',
    'fail',
    'a directory for everybody',
    (host) => void host.found.set('/run/demo', { kind: 'directory', mode: 0o755, uid: 1, gid: 1 }),
  ],
  ['host.node', 'fail', 'an old Node.js', (host) => void host.programs.set('/usr/bin/node --version', 'v18.20.0\n')],
  ['host.node', 'fail', 'a Node.js that has moved', (host) => void host.programs.set('/usr/bin/node --version', null)],
  [
    'host.launcher',
    'fail',
    'a tsicorn that has moved',
    (host) => void host.files.delete('/usr/local/lib/node_modules/tsicorn/package.json'),
  ],
  [
    'host.versions',
    'warn',
    'another nginx than before',
    (host) => void host.programs.set('nginx -v', 'nginx version: nginx/1.27.0\n'),
  ],
  [
    'host.application',
    'fail',
    'an application that the service may not read',
    (host) => void host.programs.set('runuser --user demo -- test -r /srv/demo -a -x /srv/demo', null),
  ],
  [
    'host.exposure',
    'fail',
    'a loose sandbox',
    (host) =>
      void host.programs.set(
        'systemd-analyze security --no-pager demo.service',
        '→ Overall exposure level for demo.service: 9.2 UNSAFE\n',
      ),
  ],
  [
    'host.nginx-active',
    'fail',
    'an nginx that does not run',
    (host) => state(host, 'nginx.service', { ActiveState: 'failed' }),
  ],
  [
    'host.nginx-user',
    'fail',
    'an nginx in another group',
    (host) => void host.programs.set('id -Gn www-data', 'nogroup\n'),
  ],
  [
    'host.ports',
    'fail',
    'another program on port 80',
    (host) => {
      host.listening = [{ port: 80, pid: 7, program: 'apache2', unit: 'apache2.service' }]
    },
  ],
  [
    'host.ports',
    'fail',
    'nobody on port 80',
    (host) => {
      host.listening = []
    },
  ],
  [
    'host.names',
    'warn',
    'a name that leads elsewhere',
    (host) => void host.addresses.set('demo.example.org', ['198.51.100.7']),
  ],
  [
    'host.firewall',
    'fail',
    'a firewall without a door',
    (host) => void host.programs.set('ufw status', 'Status: active\n\n22/tcp ALLOW Anywhere\n'),
  ],
  [
    'host.firewall',
    'fail',
    'rules of nft without a door',
    (host) => {
      host.programs.set('ufw status', null)
      host.programs.set(
        'nft list ruleset',
        'table inet filter {\n chain input {\n type filter hook input priority 0; policy drop;\n tcp dport 22 accept\n }\n}\n',
      )
    },
  ],
  [
    'host.disk',
    'fail',
    'a full disk',
    (host) => {
      host.freeBytes = 1000
    },
  ],
  [
    'host.queue',
    'fail',
    'a short queue of the kernel',
    (host) => void host.files.set('/proc/sys/net/core/somaxconn', '128\n'),
  ],
  [
    'host.memory',
    'fail',
    'a host with little memory',
    (host) => void host.files.set('/proc/meminfo', 'MemTotal: 100000 kB\n'),
  ],
  [
    'host.clock',
    'fail',
    'a clock that nobody keeps',
    (host) => void host.programs.set('timedatectl show --property=NTPSynchronized', 'NTPSynchronized=no\n'),
  ],
  [
    'host.enabled',
    'fail',
    'a unit that is not enabled',
    (host) => state(host, 'demo.socket', { UnitFileState: 'disabled' }),
  ],
  [
    'host.nginx-enabled',
    'fail',
    'an nginx that is not enabled',
    (host) => state(host, 'nginx.service', { UnitFileState: 'disabled' }),
  ],
  [
    'host.rotation-timer',
    'fail',
    'a timer that does not run',
    (host) => state(host, 'logrotate.timer', { ActiveState: 'inactive' }),
  ],
]
