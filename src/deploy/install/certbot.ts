import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { authorityFiles } from './site-wants.ts'
import type { Command, Plan } from './step.ts'

/** How certbot is asked for the certificate of a site that answers on port 80 already. */
export function certbotCommand({ name, domain, email, acmeDirectory }: SiteAnswers): Command {
  const contact = email === null ? ['--register-unsafely-without-email'] : ['--email', email]
  return [
    ...['certbot', 'certonly', '--non-interactive', '--agree-tos', '--renew-with-new-domains'],
    ...['--webroot', '--webroot-path', acmeDirectory],
    ...['--cert-name', name, ...domain.flatMap((one) => ['--domain', one]), ...contact],
    // It is kept with the certificate: each renewal reloads nginx.
    ...['--deploy-hook', 'systemctl reload nginx'],
  ]
}

/** What a site that should have a certificate of the authority lacks on this host, in words; null when it lacks nothing. */
export function authorityLack(answers: SiteAnswers): string | null {
  if (answers.tls !== 'letsencrypt') return null
  const { certificate: path } = authorityFiles(answers)
  if (!existsSync(path)) return 'The site has a certificate of its own making, which browsers do not trust.'
  const names = namesLacking(path, answers.domain)
  return names.length === 0 ? null : `The certificate is not for ${names.join(', ')}.`
}

/** The request for a certificate as the plan shows it, for whoever runs it agrees to something. */
export function certbotLater(answers: SiteAnswers): Plan['afterwards'] {
  const words = "once the site answers; with --agree-tos you agree to the terms of Let's Encrypt"
  return authorityLack(answers) === null ? [] : [{ command: certbotCommand(answers), words }]
}

function namesLacking(path: string, names: readonly string[]): readonly string[] {
  try {
    const certificate = new X509Certificate(readFileSync(path))
    return names.filter((name) => certificate.checkHost(name.replace(/^\*/, 'www')) === undefined)
  } catch {
    // Not ours to judge: nginx says what is wrong with it, and certbot mends its own.
    return []
  }
}
