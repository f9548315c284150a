import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type TempDir = AsyncDisposable & {
  readonly path: string
  /** The path of something inside. */
  readonly join: (...parts: readonly string[]) => string
  /** Writes a file, and the folders above it; returns its path. */
  readonly write: (name: string, content: string, mode?: number) => Promise<string>
}

/**
 * A fresh folder that is removed when it leaves scope: `await using dir = await tempDir()`.
 * Its path is short, because that of a unix socket may not exceed 107 bytes (unix(7)).
 */
export async function tempDir(): Promise<TempDir> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'ts-')))
  return {
    path,
    join: (...parts) => join(path, ...parts),
    write: async (name, content, mode = 0o644) => {
      const file = join(path, name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content, { mode })
      return file
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  }
}
