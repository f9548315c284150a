import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { Failure } from '../contract/errors.ts'
import { libc } from './libc.ts'
import { commandLine, isRunning, startedAt } from './proc.ts'

const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** How much later than the file its writer may seem to have started: clocks of files and processes differ in grain. */
const toleranceMs = 10_000

type PidfileView = { readonly pid: number | null; readonly isLocked: boolean; readonly writtenAt: number }

/**
 * The pid of a living master that a pid file belongs to, or null when there is no such file or it is left over.
 * A file that names `self` is left over too: a pid comes round again after a reboot.
 * Throws Failure CONFIG_INVALID when what stands at the path is no file, and what open(2) says otherwise.
 */
export function findRunningMaster(path: string, self: number): number | null {
  const view = viewPidfile(path)
  if (view === null || view.pid === null || view.pid === self) return null
  if (view.isLocked) return view.pid
  return isRunning(view.pid) && isMaster(view.pid) && wroteIt(view.pid, view.writtenAt) ? view.pid : null
}

/** The pid a file names, or null when there is none to read. */
export function readPidfile(path: string): number | null {
  try {
    return viewPidfile(path)?.pid ?? null
  } catch {
    return null
  }
}

function viewPidfile(path: string): PidfileView | null {
  const fd = open(path)
  if (fd === null) return null
  try {
    const file = fstatSync(fd)
    if (!file.isFile()) throw new Failure('CONFIG_INVALID', `the pid file ${JSON.stringify(path)} is no regular file`)
    const text = Buffer.alloc(32)
    const length = readSync(fd, text)
    const match = /^\s*(\d{1,10})\s*$/.exec(text.toString('latin1', 0, length))
    return { pid: match === null ? null : Number(match[1]), isLocked: isLocked(fd), writtenAt: file.mtimeMs }
  } finally {
    closeSync(fd)
  }
}

function open(path: string): number | null {
  try {
    return openSync(path, flags)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** A file system without locks says nothing; then the process itself is looked at. */
function isLocked(fd: number): boolean {
  try {
    return !libc().lock(fd)
  } catch {
    return false
  }
}

/** Whether a process is a master, by the title it sets or, before that, by the program it runs. */
function isMaster(pid: number): boolean {
  const [program = '', ...parameters] = commandLine(pid) ?? []
  if (program.startsWith('tsicorn: ')) return program.startsWith('tsicorn: master')
  return [program, ...parameters.slice(0, 3)].some((part) => /^tsicorn(\.js)?$/.test(basename(part)))
}

/** A process that began after the file was written cannot have written it. */
function wroteIt(pid: number, writtenAt: number): boolean {
  const started = startedAt(pid)
  return started === null || started <= writtenAt + toleranceMs
}
