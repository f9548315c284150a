import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'

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

/** The version of an nginx binary, such as `1.22.1`; null when it does not say. It writes to standard error. */
export async function nginxVersion(binary: string): Promise<string | null> {
  const { stderr } = await execa(binary, ['-v'], { reject: false, timeout: 5000, stdin: 'ignore' })
  return /nginx\/(\d+\.\d+\.\d+)/.exec(stderr ?? '')?.[1] ?? null
}
