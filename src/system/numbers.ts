// Numbers of Linux on every architecture that Node has binaries for but MIPS.
export const family = { unix: 1, ipv4: 2, ipv6: 10, netlink: 16 } as const
export const socketType = { stream: 1, datagram: 2, raw: 3 } as const

/** Level and name of a socket option. */
export type SocketOption = readonly [level: number, name: number]

export const socketOption = {
  reuseAddress: [1, 2],
  reusePort: [1, 15],
  peerCredentials: [1, 17],
  isListening: [1, 30],
  type: [1, 3],
  v6Only: [41, 26],
} as const satisfies Record<string, SocketOption>
