import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { pass } from '../contract/probe.ts'

export type PassOptions = {
  readonly path: string
  /** Whom the pass has to belong to. */
  readonly user: number
  /** Milliseconds of a clock that only goes forward. */
  readonly clock: () => number
}

type Read = { readonly token: string; readonly touched: number }

/** Reads the token of a pass (contract/probe.ts) whenever it is asked; null while there is none that may be trusted. */
export function createPassReader({ path, user, clock }: PassOptions): () => string | null {
  let last = { token: '', touched: 0, since: 0 }
  return () => {
    const found = readPass(path, user)
    if (found === null) return null
    // The time of a file is that of a clock that can be set: it only tells that somebody has touched it.
    if (found.token !== last.token || found.touched !== last.touched) last = { ...found, since: clock() }
    return clock() - last.since < pass.lifetime ? found.token : null
  }
}

function readPass(path: string, user: number): Read | null {
  let fd: number | null = null
  try {
    // A pipe would keep the worker waiting.
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const { mode, uid, mtimeMs } = fstatSync(fd)
    const isRegular = (mode & constants.S_IFMT) === constants.S_IFREG
    if (!isRegular || (mode & 0o077) !== 0 || uid !== user) return null
    const bytes = Buffer.alloc(64)
    const token = bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0))
    return pass.token.test(token) ? { token, touched: mtimeMs } : null
  } catch {
    return null
  } finally {
    if (fd !== null) closeSync(fd)
  }
}
