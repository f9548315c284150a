import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Failure } from '../../contract/errors.ts'

const longestFile = 1024 * 1024

/** The text of a config file, without a byte order mark. Checked and read through one descriptor, so that nothing can be swapped in between. */
export async function readConfigText(path: string, asRoot: boolean): Promise<string> {
  const file = await openFile(path)
  try {
    checkStats(path, await file.stat(), asRoot)
    return decode(path, await file.readFile())
  } finally {
    await file.close()
  }
}

/** Without O_NONBLOCK, opening a named pipe waits for somebody to write to it. */
async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw unreadable(path, 'a readable file', reasonOf(error), error)
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it'
  if (code === 'ENXIO') return 'a socket'
  return code === '' ? String(error) : code
}

function checkStats(path: string, stats: Stats, asRoot: boolean): void {
  if (!stats.isFile()) throw unreadable(path, 'a regular file', describeType(stats))
  if (stats.size > longestFile) throw unreadable(path, 'at most 1 MiB', `${stats.size} bytes`)
  if (!asRoot || !isOthersToWrite(stats)) return
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0')
  throw new Failure(
    'CONFIG_UNREADABLE',
    `config file ${path}: expected a file that only root and its owner may write, because it decides what runs as root, got mode ${mode}`,
    { fix: `chmod go-w ${path}` },
  )
}

function isOthersToWrite({ mode, gid }: Stats): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0)
}

function describeType(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a named pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw unreadable(path, 'text in UTF-8', 'other bytes', error)
  }
}

function unreadable(path: string, expected: string, got: string, cause?: unknown): Failure {
  return new Failure('CONFIG_UNREADABLE', `config file ${path}: expected ${expected}, got ${got}`, { cause })
}
