import { choice } from './kinds/choice.ts'
import { proxyNames } from './proxies.ts'
import { type SettingsTable, setting } from './setting.ts'
import { supervisorNames } from './supervisors.ts'

/** Which programs stand around the server. */
export const siteParts = {
  proxy: setting({
    section: 'Parts',
    kind: choice(proxyNames),
    default: 'nginx',
    summary: 'the program in front, which does TLS',
    details:
      'With nginx under systemd `tsicorn deploy` installs the bundle; for the others RUNBOOK.md has the commands. HAProxy serves no static files. Only nginx and HAProxy limit the rate of requests, and only nginx knows cdn, trustedProxies and the maintenance switch.',
    takesEffect: 'restart',
  }),
  supervisor: setting({
    section: 'Parts',
    kind: choice(supervisorNames),
    default: 'systemd',
    summary: 'the program that starts the server and keeps it running',
    details:
      'systemd also has the sandbox, holds the sockets during a restart, and hands over credentials. supervisord logs to files, which are rotated. docker gives a Dockerfile and a compose.yaml with nginx beside the server. `tsicorn deploy` is for systemd; RUNBOOK.md has the commands for the others.',
    takesEffect: 'restart',
  }),
} as const satisfies SettingsTable
