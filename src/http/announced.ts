import type { Socket } from 'node:net'
import type { Client } from './forwarded.ts'
import type { Announced } from './proxy-header.ts'
import type { Trust } from './trust.ts'

/** What a balancer announced of a connection, by its socket. */
const announcements = new WeakMap<Socket, Announced>()

export function announce(socket: Socket, announced: Announced): void {
  if (announced.relayed) announcements.set(socket, announced)
}

/** What was announced of the connection beneath holds for the TLS on it. */
export function carryOver(beneath: Socket, socket: Socket): void {
  const announced = announcements.get(beneath)
  if (announced !== undefined) announcements.set(socket, announced)
}

/** Whether a balancer told who is at the other end. */
export function isAnnounced(socket: Socket): boolean {
  return announcements.has(socket)
}

/** The other end of a connection: whoever a balancer announced, otherwise whoever the kernel says. */
export function peerOf(socket: Socket): Client {
  const encrypted = 'encrypted' in socket ? socket.encrypted === true : undefined
  const { address, port } = announcements.get(socket) ?? { address: socket.remoteAddress, port: socket.remotePort }
  return { address, port, encrypted }
}

/** Whether the other end may say who the client is. A balancer's client without an address is no unix socket of ours. */
export function isTrusted(socket: Socket, trust: Trust): boolean {
  const announced = announcements.get(socket)
  if (announced === undefined) return trust.peer(socket.remoteAddress)
  return announced.address !== undefined && trust.peer(announced.address)
}
