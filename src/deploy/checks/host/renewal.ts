import { judge } from '../../check.ts'
import type { HostTarget } from '../../inspect/host-target.ts'
import { type HostCheck, ofHost } from './base.ts'

/** Programs in `deploy` and `post` run after each renewal, when root may execute them: certbot(1), on renewal hooks. */
const hooks = '/etc/letsencrypt/renewal-hooks'
const ownHook = `${hooks}/deploy/reload-nginx`
const makeHook = `install -D -m 0755 /dev/null ${ownHook} && printf '#!/bin/sh\\nsystemctl reload nginx\\n' > ${ownHook}`

/** certbot writes a deploy hook down as renew_hook; its installer for nginx reloads by itself. */
const reloading = /^[ \t]*(?:renew_hook|(?:deploy|renew|post)-hook|post_hook|installer)[ \t]*=.*\bnginx\b.*$/m

const reload: HostCheck = {
  ...ofHost,
  ...{ id: 'host.renewal-reload', group: 'Certificate' },
  title: 'A renewed certificate is served',
  why: 'nginx keeps the one that it has read: without a reload visitors are shown it until it ends, and then a warning.',
  how: "certbot's file of the certificate, its cli.ini and its renewal-hooks: one of them names nginx",
  exempt: (target) => (renewalFile(target) === null ? 'certbot keeps no certificate for the site' : null),
  run: async (target) => {
    const settings = [renewalFile(target), target.reader.text('/etc/letsencrypt/cli.ini')].join('\n')
    const named = settings.match(reloading)?.[0].trim() ?? (await hookFiles(target))
    const lacks = ['certbot is told of no command that reloads nginx']
    return judge('a command after each renewal that reloads nginx', named, named === '' ? lacks : [], makeHook)
  },
}

/** What happens to a certificate after it was renewed. */
export const renewalChecks: readonly HostCheck[] = [reload]

function renewalFile({ answers, reader }: HostTarget): string | null {
  return answers.tls === 'letsencrypt' ? reader.text(`/etc/letsencrypt/renewal/${answers.name}.conf`) : null
}

async function hookFiles({ run }: HostTarget): Promise<string> {
  const executable = ['-type', 'f', '-perm', '/111', '!', '-name', '*~']
  const naming = ['-exec', 'grep', '-lw', 'nginx', '{}', '+']
  const { stdout } = await run(['find', '-L', `${hooks}/deploy`, `${hooks}/post`, ...executable, ...naming])
  return stdout.trim().split('\n').join(', ')
}
