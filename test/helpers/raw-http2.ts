import net from 'node:net'
import tls from 'node:tls'
import { frame as frameOf, frameType, type RawFrame, splitFrames } from './http2-frames.ts'
import { settled, until } from './until.ts'

export type RawHttp2 = AsyncDisposable & {
  readonly write: (...frames: readonly Uint8Array[]) => void
  /** Writes in records of their own, and waits until the kernel has them. */
  readonly taken: (...frames: readonly Uint8Array[]) => Promise<unknown>
  readonly frames: () => readonly RawFrame[]
  /** Waits for a frame of a type, on a stream where one is named. */
  readonly frame: (type: number, stream?: number) => Promise<RawFrame>
  readonly isClosed: () => boolean
  /** The error code of the GOAWAY that came, or null. */
  readonly ending: () => number | null
  /** Waits until everything that was written before has been read, or the connection is closed; says whether it is open. */
  readonly isAlive: () => Promise<boolean>
  /** Goes away at once, and has the kernel say so. */
  readonly reset: () => void
  readonly socket: tls.TLSSocket
}

/** A connection on which the test writes each byte: `await using raw = await rawHttp2(port)`. */
export async function rawHttp2(port: number): Promise<RawHttp2> {
  const wire = net.connect({ host: '127.0.0.1', port, noDelay: true })
  const socket = tls.connect({ socket: wire, ALPNProtocols: ['h2'], rejectUnauthorized: false })
  const chunks: Buffer[] = []
  let closed = false
  let pings = 0
  const close = (): void => {
    closed = true
  }
  socket.on('close', close).on('end', close)
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await settled(new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject)))
  socket.on('error', close)
  const write = (...given: readonly Uint8Array[]): void => void socket.write(Buffer.concat(given))
  const taken = (...given: readonly Uint8Array[]): Promise<unknown> =>
    settled(new Promise((resolve) => socket.write(Buffer.concat(given), resolve)), { what: 'the kernel to take it' })
  const frames = (): readonly RawFrame[] => splitFrames(Buffer.concat(chunks))
  return {
    ...{ write, taken, frames, socket, isClosed: () => closed },
    reset: () => void wire.resetAndDestroy(),
    frame: (type, stream) =>
      until(() => frames().find((seen) => seen.type === type && (stream === undefined || seen.stream === stream)), {
        what: `a frame of type ${type}; seen: ${JSON.stringify(frames())}`,
      }),
    ending: () => {
      const last = frames().find(({ type }) => type === frameType.goaway)
      return last?.payload.readUInt32BE(4) ?? null
    },
    isAlive: async () => {
      pings += 1
      const payload = Buffer.from(`probe${pings}`.padEnd(8))
      write(frameOf(frameType.ping, 0, 0, payload))
      const isBack = (): boolean =>
        frames().some(
          ({ type, flags, payload: back }) => type === frameType.ping && flags === 1 && back.equals(payload),
        )
      await until(() => closed || isBack())
      return isBack()
    },
    [Symbol.asyncDispose]: async () => void socket.destroy(),
  }
}
