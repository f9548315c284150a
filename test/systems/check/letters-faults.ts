/** One way in which a host with certbot and a firewall can be broken for a site, and the check that has to see it. */
export type LettersFault = {
  readonly words: string
  readonly seenBy: string
  /** What clears the way for it. */
  readonly before?: string
  readonly make: string
}

const renewal = '/etc/letsencrypt/renewal/letters.conf'
const chain = 'type filter hook input priority 0; policy drop; iif lo accept; tcp dport { 22, 2222 } accept; drop;'

/** Faults for which a host needs more packages than others. */
export const lettersFaults: readonly LettersFault[] = [
  {
    ...{ words: 'the timer of certbot disabled', seenBy: 'host.renewal-timer' },
    make: 'systemctl disable --now --quiet certbot.timer',
  },
  {
    ...{ words: 'a renewal that nginx does not hear of', seenBy: 'host.renewal-reload' },
    before: `mkdir -p /etc/letsencrypt/renewal; echo 'renew_hook = systemctl reload nginx' > ${renewal}`,
    make: `echo 'authenticator = webroot' > ${renewal}`,
  },
  {
    ...{ words: 'a firewall without a door', seenBy: 'host.firewall' },
    make: 'ufw allow 22/tcp; ufw --force enable',
  },
  {
    ...{ words: 'rules of nft without a door', seenBy: 'host.firewall' },
    before: 'ufw disable; nft flush ruleset',
    make: `nft 'table inet guard { chain arrivals { ${chain} }; }'`,
  },
]
