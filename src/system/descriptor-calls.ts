import type { SystemError } from './system-error.ts'

/** Makes a call of the C library of its prototype; one that fails throws SystemError. */
export type Declare = (prototype: string) => (...values: readonly unknown[]) => number

const closeOnExecFlag = 0o2000000
const setDescriptorFlags = 2
const [setStatusFlags, setOwner, setSignal] = [4, 8, 10] as const
const asynchronousFlag = 0o20000
const killSignal = 9
const duplicateAbove = 1030
const exclusiveWithoutWaiting = 2 | 4

/** What can be done with any descriptor, as the table of libc.ts tells. */
export function descriptorCalls(declare: Declare) {
  const fcntl = declare('int fcntl(int, int, ...)')
  const flock = declare('int flock(int, int)')
  const dup2 = declare('int dup2(int, int)')
  const pipe2 = declare('int pipe2(void *, int)')
  return {
    pipe: () => {
      const ends = new Int32Array(2)
      pipe2(ends, closeOnExecFlag)
      return [...ends] as const
    },
    closeOnExec: (fd: number) => void fcntl(fd, setDescriptorFlags, 'int', 1),
    killOnHangup: (fd: number, pid: number) => {
      fcntl(fd, setSignal, 'int', killSignal)
      fcntl(fd, setOwner, 'int', pid)
      fcntl(fd, setStatusFlags, 'int', asynchronousFlag)
    },
    ignoreHangup: (fd: number) => void fcntl(fd, setStatusFlags, 'int', 0),
    duplicate: (fd: number) => fcntl(fd, duplicateAbove, 'int', 3),
    duplicateOnto: (fd: number, target: number) => void dup2(fd, target),
    lock: (fd: number) => {
      try {
        flock(fd, exclusiveWithoutWaiting)
        return true
      } catch (error) {
        if ((error as SystemError).code === 'EAGAIN') return false
        throw error
      }
    },
  }
}
