import { type FSWatcher, watch } from 'node:fs'
import { extname, join } from 'node:path'
import { compare, isSource, type Scope, type Snapshot, scan } from './scan.ts'

export type SourceEvents = {
  readonly onChange: (paths: readonly string[]) => void
  /** Something keeps us from seeing every change; in words. */
  readonly onTrouble: (words: string) => void
}

/** An editor saves in several steps, and a checkout writes many files: what is quiet this long is complete. In milliseconds. */
const quiet = { enough: 100, longestWait: 1000 } as const
const pollEvery = 1000

/**
 * Watches source files without loading any. The system only hints that something happened in a directory; what
 * changed is found by looking, so that files that are new, renamed or gone are seen whatever way an editor saves.
 */
export class SourceWatch {
  readonly #scope: Scope
  readonly #events: SourceEvents
  readonly #watchers = new Map<string, FSWatcher>()
  #last: Snapshot
  #hintedAt: number | null = null
  #timer: NodeJS.Timeout | undefined
  #poll: NodeJS.Timeout | undefined

  constructor(scope: Scope, events: SourceEvents) {
    this.#scope = scope
    this.#events = events
    this.#last = scan(scope)
    this.#follow(this.#last)
    // What changed before the watchers were there would be missed.
    this.#hint()
    if (this.#last.truncated)
      events.onTrouble('too many folders to watch them all: start it in the folder of the project')
  }

  close(): void {
    clearTimeout(this.#timer)
    clearInterval(this.#poll)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #hint(): void {
    const now = performance.now()
    this.#hintedAt ??= now
    clearTimeout(this.#timer)
    const wait = Math.max(0, Math.min(quiet.enough, this.#hintedAt + quiet.longestWait - now))
    this.#timer = setTimeout(() => this.#look(), wait).unref()
  }

  #look(): void {
    this.#hintedAt = null
    const found = scan(this.#scope)
    const changed = compare(this.#last, found)
    this.#last = found
    if (this.#follow(found)) this.#hint()
    if (changed.length > 0) this.#events.onChange(changed)
  }

  /** Watches the directories there are now. True when some are new: something may have changed in them meanwhile. */
  #follow({ directories }: Snapshot): boolean {
    for (const [directory, watcher] of this.#watchers) {
      if (directories.has(directory)) continue
      watcher.close()
      this.#watchers.delete(directory)
    }
    const fresh = [...directories].filter((directory) => !this.#watchers.has(directory))
    return fresh.map((directory) => this.#watch(directory)).includes(true)
  }

  #watch(directory: string): boolean {
    if (this.#poll !== undefined) return false
    try {
      const watcher = watch(directory, { persistent: false }, (_, name) => this.#heed(directory, name))
      // A directory that is replaced by another of the same name is watched anew.
      watcher.once('error', () => this.#forget(directory)).once('close', () => this.#watchers.delete(directory))
      this.#watchers.set(directory, watcher)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#pollInstead((error as Error).message)
      return false
    }
  }

  #heed(directory: string, name: string | null): void {
    // A name without an extension may be that of a folder.
    if (name === null || extname(name) === '' || isSource(join(directory, name), this.#scope)) this.#hint()
  }

  #forget(directory: string): void {
    this.#watchers.get(directory)?.close()
    this.#hint()
  }

  /** The system gives out a limited number of watches (inotify(7), fs.inotify.max_user_watches). */
  #pollInstead(why: string): void {
    this.#events.onTrouble(`files are looked at once a second, because they cannot be watched: ${why}`)
    this.#poll = setInterval(() => this.#look(), pollEvery).unref()
  }
}
