import type { SiteAnswers } from '../settings/site-table.ts'
import { placesOf } from './places.ts'
import { shellWord } from './quote.ts'

/** What the service of each proxy is called. */
export const services = { nginx: 'nginx', haproxy: 'haproxy', caddy: 'caddy', apache: 'apache2' } as const

/**
 * What certbot runs once it has a certificate, the first and each renewed one: links where the proxy looks, for HAProxy the
 * certificate joined with its key, and then the reload. They are made before it, since Apache ends when it finds a key beside
 * a certificate of another. The first word is a program: certbot looks for it in PATH.
 */
export function certbotHook(answers: SiteAnswers): string {
  const { name, proxy, supervisor } = answers
  const pair = [answers.certificate, answers.certificateKey].map(shellWord)
  const [certificate, key] = pair
  const live = shellWord(`/etc/letsencrypt/live/${name}`)
  const joined = shellWord(placesOf(answers).joinedCertificate)
  const service = services[proxy]
  return [
    `ln -sfn ${live}/fullchain.pem ${certificate}`,
    `ln -sfn ${live}/privkey.pem ${key}`,
    ...(proxy === 'haproxy'
      ? ['umask 077', `cat ${pair.join(' ')} > ${joined}.new`, `mv ${joined}.new ${joined}`]
      : []),
    supervisor === 'systemd' ? `systemctl reload ${service}` : `service ${service} reload`,
  ].join(' && ')
}
