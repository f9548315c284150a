import { Resolver } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { SiteAnswers } from '../../settings/site-table.ts'

type Look = (name: string) => Promise<readonly string[] | 'none' | 'unknown'>

// Somebody waits for the prompt to come back.
const patience = 1000

/** What to know about the names of a site before a certificate is asked for: they have to lead to this host. */
export async function nameRemarks({ tls, domain, cdn }: SiteAnswers, look: Look = lookUp, own = ownAddresses()) {
  // Behind a network, names lead to it; and a certificate from elsewhere needs no proof.
  if (tls !== 'letsencrypt' || cdn !== 'none') return []
  const answers = await Promise.all(domain.map(async (name) => ({ name, found: await look(name) })))
  return answers.flatMap(({ name, found }) => {
    if (found === 'unknown') return []
    if (found === 'none') return [`${name} has no address yet: the certificate authority could not reach it.`]
    return found.some((address) => own.includes(address))
      ? []
      : [`${name} leads to ${found.join(', ')}, which is no address of this machine; it must lead to the host.`]
  })
}

async function lookUp(name: string): ReturnType<Look> {
  const resolver = new Resolver({ timeout: patience, tries: 1 })
  const tried = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const found = tried.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  if (found.length > 0) return found
  const hasNone = tried.every((one) => one.status === 'rejected' && ['ENOTFOUND', 'ENODATA'].includes(one.reason?.code))
  return hasNone ? 'none' : 'unknown'
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
}
