import type { Host } from './host.ts'
import { foundAt } from './host.ts'
import type { State } from './state.ts'
import type { Conflict, PutStep, RemoveStep } from './step.ts'
import { type Found, textOf, type Unwanted, type WantedFile, type WantedLink } from './wanted.ts'

/** What one path needs: nothing, a step, or the operator's word. */
export type Comparison =
  | { readonly need: 'nothing' }
  | { readonly need: 'step'; readonly step: PutStep | RemoveStep; readonly conflict: Conflict | null }
  | { readonly need: 'way'; readonly words: string }

const nothing: Comparison = { need: 'nothing' }

/** Compares what a path should hold with what it holds and with what the last deployment put there. */
export function compare(wanted: WantedFile | WantedLink | Unwanted, host: Host, state: State | null): Comparison {
  const found = foundAt(host, wanted.path)
  if (wanted.kind === 'absent') return found.kind === 'absent' ? nothing : removal(wanted.path, found)
  if (found.kind === 'directory') return { need: 'way', words: `${wanted.path} is a directory` }
  if (found.kind === 'other') {
    // Only root reads it, and only root would change it.
    if (wanted.kind === 'file' && wanted.keep) return nothing
    return { need: 'way', words: `${wanted.path} ${found.words}` }
  }
  return wanted.kind === 'link' ? compareLink(wanted, found, state) : compareFile(wanted, { host, found, state })
}

function compareLink(wanted: WantedLink, found: Found, state: State | null): Comparison {
  if (found.kind === 'link' && found.target === wanted.target) return nothing
  if (found.kind === 'absent') return put(wanted, 'create', found)
  // A certificate of our own making gives way to the authority's.
  const isOurs = state?.originals[wanted.path] !== undefined
  return put(wanted, 'change', found, isOurs ? null : conflictOf(wanted, found, state))
}

type Case = { readonly host: Host; readonly found: Found; readonly state: State | null }

function compareFile(wanted: WantedFile, { host, found, state }: Case): Comparison {
  if (found.kind === 'absent') return put(wanted, 'create', found)
  if (found.kind === 'link') {
    if (wanted.keep) return nothing
    return { need: 'way', words: `${wanted.path} is a symbolic link, which is not followed` }
  }
  if (wanted.keep) return nothing
  const text = textOf(found)
  if (text === wanted.content) return isOwned(wanted, found, host) ? nothing : put(wanted, 'owner', found)
  return put(wanted, 'change', found, conflictOf(wanted, found, state))
}

/** A file that is as the last deployment left it may be changed; any other is somebody's work. */
function conflictOf(wanted: WantedFile | WantedLink, found: Found, state: State | null): Conflict | null {
  const installed = state === null ? null : installedText(state, wanted.path)
  const text = textOf(found)
  if (text !== null && text === installed) return null
  const shown = wanted.kind === 'file' && !wanted.secret
  return {
    path: wanted.path,
    yields: true,
    words: installed === null ? 'was there before tsicorn, with other content' : 'was changed since it was installed',
    installed: shown ? installed : null,
    found: shown ? text : null,
    wanted: wanted.kind === 'file' ? wanted.content : null,
  }
}

/** What the last deployment put at a path; null when it put no file there. */
export function installedText(state: State, path: string): string | null {
  const file = state.current.wanted.find((one) => one.kind === 'file' && one.path === path)
  return file?.kind === 'file' ? file.content : null
}

function isOwned(wanted: WantedFile, found: Found, host: Host): boolean {
  if (found.kind !== 'file') return false
  if (found.mode !== wanted.mode) return false
  const [uid, gid] = [host.users.get(wanted.user), host.groups.get(wanted.group)]
  return !host.owns || ((uid === undefined || uid === found.uid) && (gid === undefined || gid === found.gid))
}

function put(
  wanted: WantedFile | WantedLink,
  change: PutStep['change'],
  found: Found,
  conflict: Conflict | null = null,
): Comparison {
  return { need: 'step', step: { kind: 'put', change, wanted, found }, conflict }
}

function removal(path: string, found: Found): Comparison {
  return { need: 'step', step: { kind: 'remove', path, found, leaves: { kind: 'absent' } }, conflict: null }
}
