import { lookup } from 'node:dns/promises'
import { realpathSync, statfsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { Disk } from '../install/disk.ts'
import { type Found, textOf } from '../install/wanted.ts'
import { type Listening, listeningPrograms } from './listening.ts'

/** What checks read of a host, beside what its programs say. Recorded in tests. */
export type HostReader = {
  readonly look: (path: string) => Found
  /** The text of a file, links followed; null where there is none or we may not. */
  readonly text: (path: string) => string | null
  /** What is free on the file system of a path; null where there is nothing. */
  readonly room: (path: string) => Room | null
  /** Who listens on which TCP port. */
  readonly listening: () => Promise<readonly Listening[]>
  /** The addresses of a name, or none. */
  readonly resolve: (name: string) => Promise<readonly string[]>
  /** The addresses of this host. */
  readonly addresses: () => readonly string[]
}

export type Room = { readonly freeBytes: number; readonly freeShare: number; readonly freeInodes: number }

/** Reads the host itself. */
export function hostReader(disk: Disk): HostReader {
  return {
    look: disk.look,
    text: (path) => textAt(disk, path),
    room: roomAt,
    listening: listeningPrograms,
    resolve: async (name) => (await lookup(name, { all: true }).catch(() => [])).map(({ address }) => address),
    addresses: () =>
      Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .map(({ address }) => address),
  }
}

function textAt(disk: Disk, path: string): string | null {
  try {
    return textOf(disk.look(realpathSync(path)))
  } catch {
    return null
  }
}

function roomAt(path: string): Room | null {
  try {
    const { bavail, blocks, bsize, files, ffree } = statfsSync(path)
    // Some file systems have no table of inodes, and say 0 of 0.
    const freeInodes = files === 0 ? 1 : ffree / files
    return { freeBytes: bavail * bsize, freeShare: blocks === 0 ? 1 : bavail / blocks, freeInodes }
  } catch {
    return null
  }
}
