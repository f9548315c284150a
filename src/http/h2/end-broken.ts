import { constants, type ServerHttp2Session } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { closeGently } from '../close-gently.ts'
import { isBetweenLayers, mostTurns } from './between-layers.ts'

/** What node:http2 keeps of a session beneath; not documented, so each part of it may be missing. */
type Handle = { readonly setGracefulClose?: () => void; ongracefulclosecomplete?: () => void }

/**
 * After an error of the connection the client is told which one it was, and the connection is closed (RFC 9113, 5.4.1).
 * node:http2 calls them all INTERNAL_ERROR; and of those that nghttp2 has dealt with itself it hears nothing: it would
 * read no more, and hold the connection for as long as the client likes.
 */
export function endBroken(session: ServerHttp2Session, socket: TLSSocket): void {
  const { destroy } = session
  // Before node:http2 hears of it: then it is too late.
  socket.prependOnceListener('close', () => stopClock(session))
  session.once('close', () => letGo(session))
  let isEnding = false
  session.destroy = (error, given) => {
    if (session.destroyed || isEnding) return
    isEnding = true
    const code = given ?? codeOf(error)
    // Told before its streams are destroyed: while one of those is being reset, node:http2 forgets to tell.
    if (code !== undefined && code !== constants.NGHTTP2_NO_ERROR) session.goaway(code)
    onceWritten(socket, () => {
      stopClock(session)
      gentleOnce(socket)
      Reflect.apply(destroy, session, [error, code])
    })
  }
  const handle = handleOf(session)
  if (typeof handle?.setGracefulClose !== 'function') return
  // Called when nghttp2 wants neither to read nor to write any more, which without an error it always does.
  handle.ongracefulclosecomplete = () => session.destroy()
  handle.setGracefulClose()
}

/** node:http2 leaves the clock of a session running when that ends, and the clock keeps all that belongs to the session. */
function stopClock(session: ServerHttp2Session): void {
  session.setTimeout(0)
}

/**
 * SETTINGS that the client has not acknowledged hold a session of node:http2, which is theirs to let go of; from what we
 * added there is a way to the socket, to the error it ended with, and by the stack of that back to where they are held.
 */
function letGo(session: ServerHttp2Session): void {
  Reflect.deleteProperty(session, 'destroy')
  session.removeAllListeners()
}

/** A session that ends while something it has written is on its way through the TLS forgets what it had to say after that. */
function onceWritten(socket: TLSSocket, act: () => void, turns = mostTurns): void {
  if (turns === 0 || socket.destroyed || !isBetweenLayers(socket)) act()
  else setImmediate(() => onceWritten(socket, act, turns - 1))
}

/** A session that ends has its socket destroyed, and what the client has sent meanwhile would take the last word with it. */
function gentleOnce(socket: TLSSocket): void {
  socket.destroy = () => {
    Reflect.deleteProperty(socket, 'destroy')
    closeGently(socket)
    return socket
  }
}

function handleOf(session: ServerHttp2Session): Handle | undefined {
  const name = Object.getOwnPropertySymbols(session).find(({ description }) => description === 'kHandle')
  return name === undefined ? undefined : (Reflect.get(session, name) as Handle | undefined)
}

/** By the numbers of nghttp2's errors. */
const codes: Readonly<Record<number, number>> = {
  [-505]: constants.NGHTTP2_PROTOCOL_ERROR,
  [-510]: constants.NGHTTP2_STREAM_CLOSED,
  [-522]: constants.NGHTTP2_FRAME_SIZE_ERROR,
  [-523]: constants.NGHTTP2_COMPRESSION_ERROR,
  [-524]: constants.NGHTTP2_FLOW_CONTROL_ERROR,
  [-903]: constants.NGHTTP2_PROTOCOL_ERROR,
  [-904]: constants.NGHTTP2_ENHANCE_YOUR_CALM,
}

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  if (Reflect.get(error, 'code') === 'ERR_HTTP2_TOO_MANY_INVALID_FRAMES') return constants.NGHTTP2_ENHANCE_YOUR_CALM
  return codes[Number(Reflect.get(error, 'errno'))]
}
