import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { type NginxBuild, readNginxBuild } from '../../src/bundle/nginx-build.ts'
import { placesOf } from '../../src/bundle/places.ts'
import { renderBundle } from '../../src/bundle/render.ts'
import { atLeast } from '../../src/settings/kinds/nginx-words.ts'
import type { SiteAnswers } from '../../src/settings/site-table.ts'
import { findProgram, program } from './needs.ts'

/** A bundle as it would stand on a host whose root is a scratch folder. */
export type PlacedSite = {
  readonly answers: SiteAnswers
  /** The path of a file of the bundle, by its path on the host. */
  readonly fileOf: (path: string) => string
}

/**
 * Renders answers moved below a folder, for the nginx that is to read them, and makes what they expect there: directories,
 * certificate, programs.
 */
export async function placeSite(
  root: string,
  given: SiteAnswers,
  nginx: NginxBuild | null = installedNginx(),
): Promise<PlacedSite> {
  const answers = await moveAnswers(root, given, nginx)
  for (const { path, content, mode } of renderBundle(answers)) {
    // What stands in one of the moved directories has the folder in its path already.
    const target = `/${path}`.startsWith(`${root}/`) ? `/${path}` : join(root, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content, { mode })
  }
  const { runtimeDirectory, stateDirectory, logDirectory, nginxLogDirectory, acmeDirectory } = answers
  const served = answers.static.map(({ directory }) => directory)
  for (const path of [runtimeDirectory, stateDirectory, logDirectory, nginxLogDirectory, acmeDirectory, ...served]) {
    mkdirSync(path, { recursive: true, mode: 0o755 })
  }
  makePrograms([answers.node, answers.tsicorn])
  makeCertificate(root, answers)
  return { answers, fileOf: (path) => join(root, path) }
}

async function moveAnswers(root: string, given: SiteAnswers, installed: NginxBuild | null): Promise<SiteAnswers> {
  const below = (path: string) => `${root}${path}`
  const [http, https] = [await freePort(), await freePort()]
  return {
    ...given,
    ...{ runtimeDirectory: below(given.runtimeDirectory), configDirectory: below(given.configDirectory) },
    ...{ stateDirectory: below(given.stateDirectory), logDirectory: below(given.logDirectory) },
    ...{ nginxLogDirectory: below(given.nginxLogDirectory), acmeDirectory: below(given.acmeDirectory) },
    nginxDirectory: below(given.nginxDirectory),
    ...{ certificate: below(given.certificate), certificateKey: below(given.certificateKey) },
    ...{ node: below(given.node), tsicorn: below(given.tsicorn) },
    static: given.static.map(({ prefix, directory }) => ({ prefix, directory: below(directory) })),
    ...{ httpListen: `127.0.0.1:${http}`, httpsListen: `127.0.0.1:${https}`, httpsPort: https, ipv6: false },
    systemdVersion: Math.min(given.systemdVersion, installedSystemd()),
    nginxVersion: oldest(installed?.version, given.nginxVersion),
    opensslVersion: oldest(installed?.openssl, given.opensslVersion),
  }
}

/** Somebody who exists, so that a program can become that user: daemon for root, else whoever we are. */
export function existingAccount(): Pick<SiteAnswers, 'user' | 'group'> {
  if (process.getuid?.() === 0) return { user: 'daemon', group: 'daemon' }
  return { user: userInfo().username, group: execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim() }
}

function installedNginx(): NginxBuild | null {
  const nginx = findProgram('nginx')
  return nginx === null ? null : readNginxBuild(execFileSync('sh', ['-c', '"$0" -V 2>&1', nginx], { encoding: 'utf8' }))
}

/** The version of systemd here; infinite where there is none. */
export function installedSystemd(): number {
  const systemctl = findProgram('systemctl')
  const said = systemctl === null ? '' : execFileSync(systemctl, ['--version'], { encoding: 'utf8' })
  return Number(/^systemd (\d+)/.exec(said)?.[1] ?? Number.POSITIVE_INFINITY)
}

// A site for a newer one than the one here is written for this one.
function oldest(installed: string | null | undefined, wanted: string): string {
  return installed && !atLeast(installed, wanted) ? installed : wanted
}

function makePrograms(paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '#!/bin/sh\n')
    chmodSync(path, 0o755)
  }
}

function makeCertificate(root: string, answers: SiteAnswers): void {
  const { certificate, certificateKey, domain } = answers
  const names = [...domain, 'localhost'].map((name) => `DNS:${name}`).join(',')
  const [key, chain] = [join(root, 'key.pem'), join(root, 'chain.pem')]
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  execFileSync(
    program('openssl'),
    [...args, '-subj', '/CN=test', '-addext', `subjectAltName=${names}`, '-keyout', key, '-out', chain],
    { stdio: 'pipe' },
  )
  for (const [from, to] of [
    [chain, certificate],
    [key, certificateKey],
  ] as const) {
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(from, to)
  }
  const { joinedCertificate } = placesOf(answers)
  mkdirSync(dirname(joinedCertificate), { recursive: true })
  writeFileSync(joinedCertificate, `${read(chain)}${read(key)}`)
}

/** What a file of the placed site says. */
export function read(path: string): string {
  return readFileSync(path, 'utf8')
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
