import { judge } from '../../check.ts'
import type { HostTarget } from '../../inspect/host-target.ts'
import { bootedOnly, type HostCheck, ofHost } from './base.ts'

const group = 'Boot'

const enabled: HostCheck = {
  ...ofHost,
  ...{ id: 'host.enabled', group },
  title: 'The site comes back after a reboot',
  why: 'After the next reboot, often at night, nobody answers.',
  how: 'systemctl show: UnitFileState of both units',
  exempt: bootedOnly,
  run: async (target) => {
    const { name } = target.answers
    return judgeEnabled(target, [`${name}.socket`, `${name}.service`])
  },
}

const nginxEnabled: HostCheck = {
  ...ofHost,
  ...{ id: 'host.nginx-enabled', group },
  title: 'nginx comes back after a reboot',
  why: 'After the next reboot nobody answers visitors.',
  how: 'systemctl show: UnitFileState of nginx.service',
  exempt: bootedOnly,
  run: (target) => judgeEnabled(target, ['nginx.service']),
}

const rotation: HostCheck = {
  ...ofHost,
  ...{ id: 'host.rotation-timer', group },
  title: 'Logs are rotated every day',
  why: 'The access log of nginx grows until the disk is full.',
  how: 'systemctl show: logrotate.timer, or else the daily cron job',
  exempt: bootedOnly,
  run: async ({ systemd, reader }) => {
    const timer = await systemd?.unit('logrotate.timer')
    const expected = 'logrotate.timer, enabled and active'
    const [state, on] = [timer?.one('ActiveState') ?? 'not known', timer?.one('UnitFileState') ?? '']
    if (timer?.one('LoadState') !== 'loaded') {
      const daily = reader.text('/etc/cron.daily/logrotate') !== null
      return judge(
        expected,
        '/etc/cron.daily/logrotate',
        daily ? [] : ['logrotate is not installed'],
        'apt-get install logrotate',
      )
    }
    const words = `${on || 'not enabled'} and ${state}`
    return judge(
      expected,
      words,
      on === 'enabled' && state === 'active' ? [] : [`it is ${words}`],
      'systemctl enable --now logrotate.timer',
    )
  },
}

const renewal: HostCheck = {
  ...ofHost,
  ...{ id: 'host.renewal-timer', group },
  title: 'The certificate is renewed by itself',
  why: 'After 90 days it ends, and nobody can use the site any more.',
  how: 'systemctl show: certbot.timer',
  exempt: (target) =>
    bootedOnly(target) ?? (target.answers.tls === 'letsencrypt' ? null : 'no certificate of an authority'),
  run: async ({ systemd }) => {
    const timer = await systemd?.unit('certbot.timer')
    const [state, on] = [timer?.one('ActiveState') ?? 'not known', timer?.one('UnitFileState') ?? '']
    const fix =
      timer?.one('LoadState') === 'loaded' ? 'systemctl enable --now certbot.timer' : 'apt-get install certbot'
    return judge(
      'certbot.timer, active',
      state,
      state === 'active' ? [] : [`it is ${on || 'not enabled'} and ${state}`],
      fix,
    )
  },
}

/** What happens by itself. */
export const bootChecks: readonly HostCheck[] = [enabled, nginxEnabled, rotation, renewal]

async function judgeEnabled({ systemd }: HostTarget, names: readonly string[]) {
  const off: string[] = []
  for (const name of names) {
    const state = (await systemd?.unit(name))?.one('UnitFileState') ?? ''
    if (!['enabled', 'static', 'alias', 'indirect', 'generated'].includes(state)) off.push(name)
  }
  return judge(
    'enabled',
    'so',
    off.map((name) => `${name} is not`),
    `systemctl enable ${off.join(' ')}`,
  )
}
