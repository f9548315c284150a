import { closeSync } from 'node:fs'
import { libc } from './libc.ts'

/** Makes standard output and standard error lead to where a descriptor leads, and closes that one. */
export function redirectOutput(fd: number): void {
  for (const stream of [1, 2]) libc().duplicateOnto(fd, stream)
  closeSync(fd)
}
