import { readFileSync } from 'node:fs'

/** Resident memory of a process, in bytes: proc(5) counts pages of 4 KiB. */
export function residentBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096
}

/** Processor time of a process so far, in milliseconds: proc(5) counts it in hundredths of a second. */
export function processorMs(pid: number): number {
  const fields = (readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1] ?? '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
