import { randomBytes } from 'node:crypto'
import { closeSync, constants, fchownSync, futimesSync, openSync, rmSync, writeSync } from 'node:fs'
import { posix } from 'node:path'
import { placesOf } from '../bundle/places.ts'
import { pass } from '../contract/probe.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { postGuard } from './guard.ts'
import type { Run } from './install/run-command.ts'
import { trustedPath } from './install/trusted-path.ts'

/** While it is open, the server that runs answers for itself below a path that nobody else knows. */
export type CheckPass = { readonly path: string; readonly close: () => Promise<void> }

/**
 * Leaves a pass beside the control socket of a site (contract/probe.ts): whoever may write there, root or the user of the
 * service, has power over the server anyway. It goes when it is closed, when we are killed, and a minute later at the
 * latest. Null where we may not, or where there is no such place.
 */
export async function openPass(answers: SiteAnswers, run: Run): Promise<CheckPass | null> {
  const owner = Number((await run(['id', '-u', answers.user])).stdout.trim() || Number.NaN)
  const path = placesOf(answers).controlSocket + pass.ending
  const token = randomBytes(16).toString('hex')
  const guard = postGuard()
  guard.watchFolder(path)
  try {
    trustedPath('', posix.dirname(path))
    // The directory is the application's: what it may have put there is neither followed nor kept.
    rmSync(path, { force: true })
    const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
    return keepOpen({ fd, owner, path, token, dismiss: guard.dismiss })
  } catch {
    await guard.dismiss()
    return null
  }
}

type Opened = {
  readonly fd: number
  readonly owner: number
  readonly path: string
  readonly token: string
  readonly dismiss: () => Promise<void>
}

function keepOpen({ fd, owner, path, token, dismiss }: Opened): CheckPass {
  writeSync(fd, token)
  if (owner !== process.geteuid?.()) fchownSync(fd, owner, -1)
  const touch = () => futimesSync(fd, new Date(), new Date())
  const timer = setInterval(touch, pass.lifetime / 3).unref()
  return {
    path: pass.prefix + token,
    close: async () => {
      clearInterval(timer)
      closeSync(fd)
      rmSync(path, { force: true })
      await dismiss()
    },
  }
}
