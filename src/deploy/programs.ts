import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { type NginxBuild, readNginxBuild } from '../bundle/nginx-build.ts'
import type { ProxyName } from '../settings/proxies.ts'

/**
 * Finds a program as a shell would, in the order of PATH, and then in the `sbin` beside each `bin` of it:
 * an ordinary user's PATH leaves out /usr/sbin, where nginx is installed.
 */
export async function findProgram(name: string, path: string): Promise<string | null> {
  const folders = path.split(':').filter((folder) => folder.startsWith('/'))
  const beside = folders.filter((folder) => /\/bin\/?$/.test(folder)).map((folder) => folder.replace(/bin\/?$/, 'sbin'))
  for (const folder of [...folders, ...beside]) {
    const candidate = join(folder, name)
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return candidate
  }
  return null
}

/** How a proxy was made; of others than nginx only the version is asked. nginx writes it to standard error. */
export async function proxyBuild(proxy: ProxyName, binary: string): Promise<NginxBuild> {
  const { execa } = await import('execa')
  const asked = await execa(binary, [versionFlags[proxy]], { reject: false, timeout: 5000, stdin: 'ignore' })
  if (proxy === 'nginx') return readNginxBuild(asked.stderr ?? '')
  const version = /\d+\.\d+\.\d+/.exec(asked.stdout ?? '')?.[0] ?? null
  return { version, openssl: null, gzipStatic: null }
}

const versionFlags = { nginx: '-V', haproxy: '-v', caddy: 'version', apache: '-v' } as const
