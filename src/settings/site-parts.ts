import { choice } from './kinds/choice.ts'
import { proxyNames } from './proxies.ts'
import { type SettingsTable, setting } from './setting.ts'

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
} as const satisfies SettingsTable
