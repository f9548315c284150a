import type { SiteAnswers } from '../../settings/site-table.ts'
import { findProgram } from '../programs.ts'
import { authorityFiles } from './site-wants.ts'
import type { Command } from './step.ts'
import type { Survey } from './survey.ts'

/** What came of asking for a certificate. */
export type Authority =
  | { readonly came: 'nothing to ask' }
  | { readonly came: 'certificate' }
  /** There is no client here, or it was refused. The site goes on with its own certificate. */
  | { readonly came: 'none'; readonly words: readonly string[]; readonly next: string; readonly refused: boolean }

/** How certbot is asked for the certificate of a site that answers on port 80 already. */
export function certbotCommand({ name, domain, email, acmeDirectory }: SiteAnswers): Command {
  const contact = email === null ? ['--register-unsafely-without-email'] : ['--email', email]
  return [
    ...['certbot', 'certonly', '--non-interactive', '--agree-tos', '--webroot', '--webroot-path', acmeDirectory],
    ...['--cert-name', name, ...domain.flatMap((one) => ['--domain', one]), ...contact],
    // It is kept with the certificate: each renewal reloads nginx.
    ...['--deploy-hook', 'systemctl reload nginx'],
  ]
}

/** Asks the authority for a certificate where the site should have one and has none. The site is served by then. */
export async function askAuthority(found: Survey, signal: AbortSignal): Promise<Authority> {
  const { answers, host, request, run, disk } = found
  const has = disk.look(authorityFiles(answers).certificate).kind !== 'absent'
  if (answers.tls !== 'letsencrypt' || !host.serves || has) return { came: 'nothing to ask' }
  const words = ['The site has a certificate of its own making, which browsers do not trust.']
  if ((await findProgram('certbot', request.path)) === null) {
    const next = 'Install certbot (apt-get install certbot), then run tsicorn deploy again.'
    return { came: 'none', words, next, refused: false }
  }
  const { ok, stderr, stdout } = await run(certbotCommand(answers), signal)
  signal.throwIfAborted()
  if (ok) return { came: 'certificate' }
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-12)
  const names = answers.domain.join(', ')
  const next = `See that ${names} lead to this host and port 80 is open, then run tsicorn deploy again.`
  return { came: 'none', words: ['certbot got no certificate:', ...said, ...words], next, refused: true }
}
