import { unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { withDirectoryLock } from './directory-lock.ts'
import { findRunningMaster, readPidfile } from './running-master.ts'

/** Removes the pid file that a master left behind when it was killed. Another's file stays. Never throws. */
export function removeStalePidfile(path: string, pid: number): void {
  try {
    withDirectoryLock(dirname(path), () => {
      if (readPidfile(path) === pid && findRunningMaster(path, process.pid) === null) unlinkSync(path)
    })
  } catch {
    // In a directory that is no longer ours to change; the next to claim the file replaces it.
  }
}
