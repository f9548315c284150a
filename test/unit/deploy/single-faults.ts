import type { SiteAnswers } from '../../../src/settings/site-table.ts'
import type { Recorded } from './recorded-host.ts'

/** A fault of a host whose site is another than that of the record: one check alone is asked. */
export type SingleFault = {
  readonly seenBy: string
  readonly words: string
  readonly site: Partial<SiteAnswers>
  /** What the record has to hold so that the site is healthy, and what breaks it. */
  readonly furnish: (host: Recorded) => void
  readonly make: (host: Recorded) => void
}

const renewal = '/etc/letsencrypt/renewal/demo.conf'
const secret = '/etc/demo/credentials/database'
const file = (mode: number) => ({ kind: 'file', base64: '', mode, uid: 0, gid: 0 }) as const

export const singleFaults: readonly SingleFault[] = [
  {
    ...{ seenBy: 'host.site-read', words: 'a site that nginx does not read', site: {} },
    furnish: () => undefined,
    make: ({ files }) => void files.delete('/etc/nginx/sites-available/demo.conf'),
  },
  {
    ...{ seenBy: 'host.credentials', words: 'a secret that is not there', site: { credentials: ['database'] } },
    furnish: ({ found }) => void found.set(secret, file(0o600)),
    make: ({ found }) => void found.delete(secret),
  },
  {
    ...{ seenBy: 'host.credentials', words: 'a secret that others may read', site: { credentials: ['database'] } },
    furnish: ({ found }) => void found.set(secret, file(0o600)),
    make: ({ found }) => void found.set(secret, file(0o644)),
  },
  {
    ...{ seenBy: 'host.renewal-timer', words: 'a certificate that nobody renews', site: { tls: 'letsencrypt' } },
    furnish: () => undefined,
    make: ({ states }) => void states.set('certbot.timer', { LoadState: 'loaded', ActiveState: 'inactive' }),
  },
  ...Object.entries({
    'a renewal that nginx does not hear of': [renewal, 'renew_hook = systemctl reload nginx'],
    'a renewal without the installer that reloads': [renewal, 'installer = nginx'],
    'a renewal without the hook that is for all': ['/etc/letsencrypt/cli.ini', 'deploy-hook = service nginx reload'],
  } as const).map(
    ([words, [path, line]]): SingleFault => ({
      ...{ seenBy: 'host.renewal-reload', words, site: { tls: 'letsencrypt' } },
      furnish: ({ files }) => void files.set(renewal, 'authenticator = nginx\n').set(path, `a = b\n${line}\n`),
      make: ({ files }) => void files.set(path, `authenticator = nginx\n# ${line}\n`),
    }),
  ),
]
