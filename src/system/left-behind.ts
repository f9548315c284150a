import { channelFd } from '../contract/messages.ts'
import { openDescriptors, programOf, viewProcess } from './proc.ts'

/**
 * Whether a process that holds a listening socket, told by its inode, is a worker whose master was killed: such a one
 * goes within two seconds. Applications change their title, so it is known by what a master gave it: a socket to the
 * master where no other program of Node has one, beside the listener. Its parent then is what adopts orphans.
 */
export function isLeftBehind(pid: number, inode: number): boolean {
  const program = programOf(pid)
  // It is ending in this moment.
  if (program === null) return true
  const parent = viewProcess(pid)?.parent
  const open = openDescriptors(pid)
  if (open !== null && ![...open.values()].includes(`socket:[${inode}]`)) return true
  const channel = open?.get(channelFd) ?? ''
  if (!isNode(program) || !channel.startsWith('socket:') || channel === `socket:[${inode}]`) return false
  return parent !== undefined && !isNode(programOf(parent) ?? '')
}

function isNode(program: string): boolean {
  return program.startsWith('node')
}
