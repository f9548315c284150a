import { spawnSync } from 'node:child_process'
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { Failure } from '../../contract/errors.ts'
import { findProgram } from '../programs.ts'

/** Held while a host is changed. There is one for all sites: they share systemd and nginx. */
export type Lock = { readonly release: () => void }

// Only root writes to /run, and it is empty after every boot.
const usualPath = '/run/tsicorn-deploy.lock'

/**
 * Takes the lock, or throws DEPLOY_LOCKED and names who has it.
 * flock(2) through flock(1): the kernel gives it back when we end, however we do.
 */
export async function takeLock(site: string, path: string, file: string = usualPath): Promise<Lock> {
  const flock = await findProgram('flock', path)
  if (flock === null) throw new Failure('PROGRAM_MISSING', 'flock is needed (package util-linux), and is not installed')
  for (;;) {
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants
    const fd = openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    const taken = spawnSync(flock, ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
    if (taken.status !== 0) {
      const holder = readFileSync(file, 'utf8').trim()
      closeSync(fd)
      throw new Failure(
        'DEPLOY_LOCKED',
        `another deployment is at work on this host: ${holder || 'it does not say which'}`,
        {
          fix: 'Wait until it has ended, then try again. Nothing was changed.',
        },
      )
    }
    if (isStill(file, fd)) {
      ftruncateSync(fd)
      writeSync(fd, `${site}, process ${process.pid}\n`)
      return { release: () => release(file, fd) }
    }
    // Whoever had it removed the file between our opening and our taking it.
    closeSync(fd)
  }
}

function isStill(file: string, fd: number): boolean {
  const [named, held] = [lstatSync(file, { throwIfNoEntry: false }), fstatSync(fd)]
  return named !== undefined && named.ino === held.ino && named.dev === held.dev
}

function release(file: string, fd: number): void {
  rmSync(file, { force: true })
  closeSync(fd)
}
