import type { Mutant } from './mutant.ts'

const service = 'templates/etc/systemd/system/service.hbs'
const socket = 'templates/etc/systemd/system/socket.hbs'
const sandbox = 'test/unit/bundle/service.test.ts'
const logrotate = 'templates/etc/logrotate.d/site.hbs'
const render = 'test/unit/bundle/render.test.ts'

/** Faults in what is made for systemd and logrotate. */
export const unitFaults: readonly Mutant[] = [
  {
    fault: 'everybody may open the sockets',
    ...{ file: socket, from: 'SocketMode=0660', to: 'SocketMode=0666' },
    ...{ test: render, name: /only nginx and the application may open the sockets/ },
  },
  {
    fault: 'the sockets have no group of nginx’s',
    ...{ file: socket, from: 'SocketGroup={{nginxGroup}}', to: 'SocketGroup={{user}}\n# {{nginxGroup}}' },
    ...{ test: render, name: /only nginx and the application may open the sockets/ },
  },
  {
    fault: 'a short queue of connections',
    ...{ file: 'src/bundle/unit-views.ts', from: 'plain(serverTable.backlog.default)', to: 'plain(511)' },
    ...{ test: render, name: /the queue of the sockets is as long/ },
  },
  {
    fault: 'the service runs as root: User= is gone',
    ...{ file: service, from: 'User={{user}}\n', to: '# {{user}}\n' },
    ...{ test: sandbox, name: /the service runs as its user, in the whole of its sandbox/ },
  },
  {
    fault: 'a line of the sandbox is gone: the system can be written to',
    ...{ file: service, from: 'ProtectSystem=strict\n', to: '' },
    ...{ test: sandbox, name: /the service runs as its user, in the whole of its sandbox/ },
  },
  {
    fault: 'programs may take new privileges',
    ...{ file: service, from: 'NoNewPrivileges=yes\n', to: '' },
    ...{ test: sandbox, name: /the service runs as its user, in the whole of its sandbox/ },
  },
  {
    fault: 'the sandbox keeps V8 from writing code',
    ...{ file: service, from: 'LockPersonality=yes', to: 'LockPersonality=yes\nMemoryDenyWriteExecute=yes' },
    ...{ test: render, name: /V8 is allowed to write the code it runs/ },
  },
  {
    fault: 'systemd gives up while workers are still finishing',
    ...{
      file: 'src/bundle/unit-views.ts',
      from: 'serverTimes.gracefulTimeout + margin',
      to: 'serverTimes.gracefulTimeout - margin',
    },
    ...{ test: render, name: /systemd waits longer than the server does/ },
  },
  {
    fault: 'a configuration that cannot be used is started again and again',
    ...{ file: service, from: 'RestartPreventExitStatus={{hopelessExits}}', to: '# {{hopelessExits}}' },
    ...{ test: render, name: /systemd does not repeat a start that cannot succeed/ },
  },
  {
    fault: 'the watchdog ends a service that would have mended itself',
    ...{
      file: 'src/bundle/unit-views.ts',
      from: 'serverTimes.timeout + serverTimes.bootTimeout + margin',
      to: 'serverTimes.timeout',
    },
    ...{ test: 'test/unit/bundle/service.test.ts', name: /systemd gives the service up later/ },
  },
  {
    fault: 'the logs are rotated and nobody is told: USR1 is gone',
    ...{
      file: logrotate,
      from: '            systemctl kill -s {{signal}} {{whom}}=main {{name}}.service',
      to: '            : {{signal}} {{whom}} {{name}}',
    },
    ...{ test: render, name: /rotation sends the signal that reopens logs/ },
  },
  {
    fault: 'rotation cuts the log instead of moving it',
    ...{
      file: logrotate,
      from: '    delaycompress\n    create 0640 {{user}} {{group}}',
      to: '    copytruncate\n    create 0640 {{user}} {{group}}',
    },
    ...{ test: render, name: /rotation sends the signal .* and copies nothing/ },
  },
]
