import {
  appendFileSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { posix } from 'node:path'
import { Failure } from '../../contract/errors.ts'
import { syncDirectory } from './disk.ts'
import type { Journal } from './journal.ts'
import type { State } from './state.ts'
import { trustedPath } from './trusted-path.ts'

/** Where deployments of all sites are kept on a host. */
export const storeDirectory = '/var/lib/tsicorn'

/** What is kept of one site: its state, and the journal of a change under way. */
export type Store = {
  readonly state: () => State | null
  readonly journal: () => Journal | null
  /** How many steps of the journal were begun. */
  readonly begun: () => number
  /** Written and on the disk when it returns. */
  readonly open: (journal: Journal) => void
  readonly begin: (step: number) => void
  /** From here on the change is made. Without a state, nothing of the site is left. */
  readonly commit: (state: State | null) => void
  /** The journal is over; without a state, so is the folder. */
  readonly close: () => void
}

/** The store of a site below a root. Looking makes nothing. */
export function openStore(root: string, site: string): Store {
  const folder = () => trustedPath(root, `${storeDirectory}/${site}/state.json`).path.replace(/\/state\.json$/, '')
  const at = (name: string) => posix.join(folder(), name)
  return {
    state: () => read<State>(at('state.json')),
    journal: () => read<Journal>(at('journal.json')),
    begun: () => (readText(at('progress')) ?? '').split('\n').filter(Boolean).length,
    open: (journal) => {
      for (const missing of trustedPath(root, at('x').slice(root.length)).missing)
        mkdirSync(missing, { mode: missing.includes(storeDirectory) ? 0o700 : 0o755 })
      rmSync(at('progress'), { force: true })
      write(at('journal.json'), journal)
    },
    begin: (step) => appendSynced(at('progress'), `${step}\n`),
    commit: (state) => (state === null ? removeSynced(at('state.json')) : write(at('state.json'), state)),
    close: () => {
      // Without the journal, what is left of progress says nothing: a next journal begins with none.
      removeSynced(at('journal.json'))
      rmSync(at('progress'), { force: true })
      rmSync(at('journal.json~'), { force: true })
      rmSync(at('state.json~'), { force: true })
      removeEmpty(folder())
    },
  }
}

/** The sites a host has a state or a journal of. Empty where we may not look. */
export function knownSites(root: string): readonly string[] {
  try {
    return readdirSync(posix.join(root, storeDirectory))
  } catch {
    return []
  }
}

function removeEmpty(folder: string): void {
  for (const path of [folder, posix.dirname(folder)]) {
    try {
      rmdirSync(path)
    } catch {
      return
    }
  }
}

function read<Content>(path: string): Content | null {
  const text = readText(path)
  if (text === null) return null
  try {
    return JSON.parse(text) as Content
  } catch {
    throw new Failure('NOT_TRUSTED', `${path}: expected what an earlier deployment wrote, found something else`, {
      fix: 'Put back this file from a backup, or move its folder away and deploy with --force.',
    })
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return null
    throw error
  }
}

function write(path: string, content: unknown): void {
  const draft = `${path}~`
  rmSync(draft, { force: true })
  const fd = openSync(draft, 'wx', 0o600)
  try {
    writeFileSync(fd, `${JSON.stringify(content)}\n`)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(draft, path)
  syncDirectory(posix.dirname(path))
}

function appendSynced(path: string, line: string): void {
  appendFileSync(path, line, { mode: 0o600, flush: true })
}

function removeSynced(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return
  rmSync(path)
  syncDirectory(posix.dirname(path))
}
