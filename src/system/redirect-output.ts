import { closeSync } from 'node:fs'
import { libc } from './libc.ts'

/**
 * Makes standard output and standard error lead to where a descriptor leads, and closes that one. Node.js has no dup2(2).
 * To close one of them and open a file in its place would do without, but for that moment any thread of the process may
 * get its number: a file or connection of the application would then receive what is printed.
 */
export function redirectOutput(fd: number): void {
  for (const stream of [1, 2]) libc().duplicateOnto(fd, stream)
  closeSync(fd)
}
