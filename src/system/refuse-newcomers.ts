import { libc } from './libc.ts'

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number]

/**
 * "A TCP segment that asks for a new connection is dropped, any other passes", in classic BPF (linux/filter.h): byte 13
 * of a TCP header holds the flags, 0x12 are SYN and ACK, and SYN alone asks (RFC 9293, 3.1 and 3.5).
 */
const dropNewcomers: readonly Instruction[] = [
  [0x30, 0, 0, 13],
  [0x54, 0, 0, 0x12],
  [0x15, 0, 1, 0x02],
  [0x06, 0, 0, 0],
  [0x06, 0, 0, 0xffffffff],
]

/**
 * Lets nobody join the queue of a TCP listener any more, in whatever processes it is open; those in the queue can still
 * be accepted. Closing a listener resets who has come since the last look at its queue: with nobody coming, nobody has.
 * A client whose SYN is dropped sends it again after a second, and is refused or finds the next server.
 */
export function refuseNewcomers(fd: number): void {
  try {
    libc().attachFilter(fd, encode(dropNewcomers))
  } catch {
    // A kernel or a sandbox without it: the moment between the last look and the close stays, a few microseconds long.
  }
}

function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new ArrayBuffer(program.length * 8)
  const [codes, jumps, operands] = [new Uint16Array(bytes), new Uint8Array(bytes), new Uint32Array(bytes)]
  for (const [at, [code, ifTrue, ifFalse, operand]] of program.entries()) {
    codes[at * 4] = code
    jumps.set([ifTrue, ifFalse], at * 8 + 2)
    operands[at * 2 + 1] = operand
  }
  return new Uint8Array(bytes)
}
