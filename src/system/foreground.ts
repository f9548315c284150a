import { readProc } from './proc.ts'

/** Whether we run in the foreground of a terminal, as what a shell has started and waits for does (proc(5): pgrp, tpgid). */
export function isInForeground(): boolean {
  const text = readProc('self/stat') ?? ''
  const [, , group, , , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return group !== undefined && group === foreground
}
