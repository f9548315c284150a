import { statSync } from 'node:fs'

type Pair = { readonly certificate: string; readonly certificateKey: string }

/** Where certificates usually stand on a host, by the main name of the site. */
const usual: readonly ((name: string) => Pair)[] = [
  (name) => ({
    certificate: `/etc/letsencrypt/live/${name}/fullchain.pem`,
    certificateKey: `/etc/letsencrypt/live/${name}/privkey.pem`,
  }),
  (name) => ({ certificate: `/etc/ssl/certs/${name}.pem`, certificateKey: `/etc/ssl/private/${name}.key` }),
  (name) => ({ certificate: `/etc/ssl/${name}/fullchain.pem`, certificateKey: `/etc/ssl/${name}/privkey.pem` }),
]

/** The certificate and key that are on this machine for a name already, or null. */
export function certificateInPlace(name: string): Pair | null {
  return usual.map((pair) => pair(name)).find(({ certificate }) => isThere(certificate)) ?? null
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  } catch {
    return false
  }
}
