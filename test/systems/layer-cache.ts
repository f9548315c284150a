import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** How many layers of a kind are kept, those that were used last. */
const keptOfAKind = 3

/** How long after its last use a layer is not removed, in milliseconds: a machine of another run may stand on it. */
const inUse = 2 * 3_600_000

/** A folder that is made once and kept for the next run, under a key that says what is in it. */
export async function layer(name: string, key: string, make: (folder: string) => Promise<void>): Promise<string> {
  const kept = join(cache(), `${name}-${digest(key).slice(0, 16)}`)
  if (!existsSync(kept)) await makeInto(kept, make)
  const now = new Date()
  utimesSync(kept, now, now)
  sweep()
  return kept
}

async function makeInto(kept: string, make: (folder: string) => Promise<void>): Promise<void> {
  const scratch = mkdtempSync(join(cache(), 'making-'))
  // What still writes into it has been killed and is about to end.
  const forget = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 })
  process.once('exit', forget)
  const folder = join(scratch, 'layer')
  mkdirSync(folder, { mode: 0o755 })
  try {
    await make(folder)
    renameSync(folder, kept)
  } catch (error) {
    // Another test file may have made the same one meanwhile (rename(2): ENOTEMPTY).
    if (!existsSync(kept)) throw error
  } finally {
    forget()
    process.removeListener('exit', forget)
  }
}

/** Where layers are kept: XDG_CACHE_HOME (XDG Base Directory Specification). */
export function cache(): string {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tsicorn-systems')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Removes what has not been used for long: all but some layers of each kind, and what a killed run has begun. */
function sweep(): void {
  const entries = readdirSync(cache()).map((entry) => ({ entry, used: usedAt(join(cache(), entry)) }))
  const old = entries.sort((a, b) => b.used - a.used).filter(({ used }) => Date.now() - used > inUse)
  for (const { entry } of old) {
    const sameKind = entries.filter((other) => kindOf(other.entry) === kindOf(entry))
    const rank = sameKind.findIndex((other) => other.entry === entry)
    if (kindOf(entry) === undefined || rank >= keptOfAKind)
      rmSync(join(cache(), entry), { recursive: true, force: true })
  }
}

function usedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
}

/** What a layer is of: `node-20`; undefined for what is not a layer. */
function kindOf(entry: string): string | undefined {
  return /^(.*)-[0-9a-f]{16}$/.exec(entry)?.[1]
}

export function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
