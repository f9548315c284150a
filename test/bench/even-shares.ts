import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Where it is on, the processes of a session share what another session of a single process has for itself (sched(7),
 * "The autogroup feature"): a server of three processes would stand beside three servers with sessions of their own.
 */
const setting = '/proc/sys/kernel/sched_autogroup_enabled'

/** Has every process count the same until this process ends: null, or why that cannot be had. */
export function sharesAreEven(): string | null {
  const before = read()
  if (before !== '1') return null
  try {
    writeFileSync(setting, '0')
  } catch {
    return 'equal shares of the processors for all processes (only root may set kernel.sched_autogroup_enabled to 0)'
  }
  process.once('exit', () => writeFileSync(setting, before))
  return null
}

function read(): string | null {
  try {
    return readFileSync(setting, 'latin1').trim()
  } catch {
    return null
  }
}
