import { lstatSync, mkdirSync } from 'node:fs'
import nodeModule from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** What became of the wish for a cache, in words for the log. */
export type CacheOutcome = { readonly directory: string } | { readonly because: string }

/**
 * Lets Node keep the compiled code of all that is loaded from now on, so that the next worker need not compile it.
 * Code is taken from the cache as it stands there, so the folder is ours and nobody else may write to it; and it is
 * opened after root was given up: a root process must not run what a user can write.
 */
export function useCompileCache(env: Environment): CacheOutcome {
  const enable: unknown = Reflect.get(nodeModule, 'enableCompileCache')
  if (typeof enable !== 'function') return { because: `Node ${process.version} has none: 22.8 is the first that does` }
  const directory = candidates(env).find(claim)
  if (directory === undefined) return { because: 'there is no folder for it that only this user may write' }
  const { status, message, directory: used } = enable(directory) as CacheAnswer
  if (!inUse.includes(status)) return { because: message ?? 'it is switched off (NODE_DISABLE_COMPILE_CACHE)' }
  return { directory: used ?? directory }
}

type CacheAnswer = { readonly status: number; readonly message?: string; readonly directory?: string }

/** module.constants.compileCacheStatus: FAILED is 0, ENABLED 1, ALREADY_ENABLED 2, DISABLED 3. */
const inUse: readonly number[] = [1, 2]

/** What a service manager keeps for the service (systemd.exec(5), CacheDirectory=), the user's own, or one of ours. */
function candidates({ CACHE_DIRECTORY, XDG_CACHE_HOME, HOME }: Environment): readonly string[] {
  const [given] = (CACHE_DIRECTORY ?? '').split(':')
  const user = XDG_CACHE_HOME ?? (HOME === undefined ? '' : join(HOME, '.cache'))
  const bases = [given ?? '', user].filter((path) => path.startsWith('/'))
  return [...bases.map((base) => join(base, 'tsicorn')), join(tmpdir(), `tsicorn-cache-${userInfo().uid}`)]
}

/** Makes the folder, or makes sure of the one that is there. Links are not followed: anybody may put one into /tmp. */
function claim(path: string): boolean {
  try {
    mkdirSync(dirname(path), { mode: 0o700, recursive: true })
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
  }
  try {
    const folder = lstatSync(path)
    return folder.isDirectory() && folder.uid === process.geteuid?.() && (folder.mode & 0o022) === 0
  } catch {
    return false
  }
}
