import { realpathSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/**
 * A thread may not change the working directory of its process, but to go where it is already is no change: what Next
 * builds goes to its own folder first thing.
 */
export function allowStaying(): void {
  const { chdir } = process
  process.chdir = (directory) => {
    if (!isHere(directory)) chdir(directory)
  }
  syncBuiltinESMExports()
}

function isHere(directory: string): boolean {
  try {
    return realpathSync(directory) === process.cwd()
  } catch {
    return false
  }
}
