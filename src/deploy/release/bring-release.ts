import { cpSync, lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs'
import { posix } from 'node:path'
import { Failure } from '../../contract/errors.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { trustedPath } from '../install/trusted-path.ts'

/** A release that is in its place, ready to be switched to. */
export type Release = {
  /** The link that leads to the release that is served. */
  readonly link: string
  /** What the link is to say, from where it stands. */
  readonly target: string
}

/** A release that was brought for a switch; when that fails, what was copied is removed again. */
export type Brought = Release & { readonly discard: () => void }

const folder = 'releases'

/**
 * Puts a release beside the others: a folder of `releases/`, next to the link `current` that the working directory is. One
 * that is there already is taken as it is. Throws Failure where the site has no such layout or the folder is no directory.
 */
export function bringRelease(answers: SiteAnswers, from: string, now: Date): Brought {
  const link = answers.workingDirectory
  const base = posix.dirname(link)
  if (posix.basename(link) !== 'current') throw noLayout(answers)
  if (!lstatSync(from, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure('USAGE', `expected the directory of a release, and ${from} is none`)
  const { path: probe, missing } = trustedPath('', posix.join(base, folder, 'new'))
  const releases = posix.dirname(probe)
  for (const one of missing) mkdirSync(one, { mode: 0o755 })
  if (posix.dirname(from) === releases)
    return { link, target: `${folder}/${posix.basename(from)}`, discard: () => undefined }
  const name = nameOf(now, readdirSync(releases))
  copy(from, releases, name)
  const discard = () => rmSync(posix.join(releases, name), { recursive: true, force: true })
  return { link, target: `${folder}/${name}`, discard }
}

/** Removes releases but the `keep` newest and those that are spoken for. Returns the names of those that went. */
export function pruneReleases(link: string, keep: number, spokenFor: readonly string[]): readonly string[] {
  const releases = posix.join(posix.dirname(link), folder)
  const current = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(link) : ''
  const kept = new Set([current, ...spokenFor].map((target) => posix.basename(target)))
  const byAge = readdirSync(releases)
    .filter((name) => !name.startsWith('.') && lstatSync(posix.join(releases, name)).isDirectory())
    .map((name) => ({ name, time: lstatSync(posix.join(releases, name)).mtimeMs }))
    .sort((one, other) => other.time - one.time)
  const going = byAge.slice(keep).filter(({ name }) => !kept.has(name))
  for (const { name } of going) rmSync(posix.join(releases, name), { recursive: true })
  return going.map(({ name }) => name)
}

// Half a copy is never a release: it has its name only when it is whole.
function copy(from: string, releases: string, name: string): void {
  for (const left of readdirSync(releases).filter((one) => /^\..*\.partial$/.test(one)))
    rmSync(posix.join(releases, left), { recursive: true })
  const draft = posix.join(releases, `.${name}.partial`)
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true, errorOnExist: true })
  renameSync(draft, posix.join(releases, name))
}

function nameOf(now: Date, taken: readonly string[]): string {
  const stamp = now
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:]/g, '')
    .replace('T', '-')
  const names = [stamp, ...Array.from({ length: 99 }, (_, index) => `${stamp}-${index + 2}`)]
  return names.find((name) => !taken.includes(name)) ?? `${stamp}-100`
}

function noLayout({ workingDirectory }: SiteAnswers): Failure {
  return new Failure('USAGE', `expected a working directory that is a link called current, got ${workingDirectory}`, {
    fix: `tsicorn init --working-directory ${workingDirectory}/current, then deploy that; releases come beside it.`,
  })
}
