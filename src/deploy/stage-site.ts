import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { placesOf } from '../bundle/places.ts'
import { type BundleFile, renderBundle } from '../bundle/render.ts'
import { renderTrial } from '../bundle/trial.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { type CertificateFiles, makeCertificate } from './certificate.ts'
import { localName } from './rehearsal-answers.ts'
import { writeBundle } from './write-bundle.ts'

export type Staging = {
  readonly scratch: string
  /** The answers moved to the scratch folder. */
  readonly answers: SiteAnswers
  readonly openssl: string | null
  readonly isRoot: boolean
  readonly signal: AbortSignal
  /** What the project's own environment file says; empty when it has none. */
  readonly environmentFile: string
  /** Lets a test put a fault into the files before they are written. */
  readonly alter: (files: readonly BundleFile[]) => readonly BundleFile[]
}

/** Where things ended up. */
export type Staged = {
  readonly serverConfiguration: string
  readonly frontConfiguration: string
  readonly frontPrefix: string
}

/**
 * Renders the bundle and puts it into the scratch folder: what stands on the host below one of the moved directories goes
 * there, the rest below `site`, in the same places as below the root of the host.
 */
export async function stageSite({
  scratch,
  answers,
  openssl,
  isRoot,
  signal,
  environmentFile,
  alter,
}: Staging): Promise<Staged> {
  const prefix = join(scratch, answers.proxy)
  const { runtimeDirectory, stateDirectory, logDirectory } = answers
  for (const folder of [prefix, join(scratch, 'tls'), runtimeDirectory, stateDirectory, logDirectory]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  }
  const { siteFile, configFile, envFile } = placesOf(answers)
  const wrapper = renderTrial(answers, {
    site: join(scratch, 'site', siteFile),
    scratch: prefix,
    // A proxy that root starts gives up its rights to a user who cannot enter our scratch folder.
    user: isRoot ? { name: 'root', group: 'root' } : null,
    foreground: true,
  })
  const moved = scratch.slice(1)
  const own = (file: BundleFile) => (`/${file.path}` === envFile ? { ...file, content: environmentFile } : file)
  const files = alter([
    ...renderBundle(answers).map(own),
    { path: `${moved}/${answers.proxy}/${answers.proxy}.conf`, content: wrapper, mode: 0o644 },
  ])
  const isMoved = (file: BundleFile) => file.path.startsWith(`${moved}/`)
  const below = (file: BundleFile) => ({ ...file, path: file.path.slice(moved.length + 1) })
  await writeBundle(scratch, files.filter(isMoved).map(below))
  await writeBundle(
    join(scratch, 'site'),
    files.filter((file) => !isMoved(file)),
  )
  if (answers.tls !== 'off') {
    const made = await makeCertificate(
      join(scratch, 'tls'),
      [...new Set([...answers.domain, localName, '127.0.0.1'])],
      {
        openssl,
        signal,
      },
    )
    if (answers.proxy === 'haproxy') await joinCertificate(made, placesOf(answers).joinedCertificate)
  }
  return {
    serverConfiguration: configFile,
    frontConfiguration: join(prefix, `${answers.proxy}.conf`),
    frontPrefix: prefix,
  }
}

async function joinCertificate({ certificate, key }: CertificateFiles, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, `${await readFile(certificate, 'utf8')}${await readFile(key, 'utf8')}`, { mode: 0o600 })
}
