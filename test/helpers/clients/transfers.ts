import { line } from '../../apps/ledger.mjs'
import type { HttpConnection } from '../http-connection.ts'
import { pause } from '../pause.ts'
import { accept, asking, type ClientKind, eachAlone, nobodyThere } from './client.ts'

const drops = 25
const drop = 'y'.repeat(500)

/** Uploads that take their time: the body comes in drops, in turn with its length said before and in chunks. */
export const slowUpload: ClientKind = (place, options = {}) =>
  eachAlone('slow upload', place, {
    ...options,
    exchange: async (connection, id, { tally }) => {
      await upload(connection, id, tally.sent % 2 === 0)
      accept(tally, id, await connection.answer(), drops * drop.length)
    },
  })

async function upload(connection: HttpConnection, id: string, chunked: boolean): Promise<void> {
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${drops * drop.length}`
  connection.write(`POST / HTTP/1.1\r\nHost: a\r\nX-Id: ${id}\r\n${framing}\r\n\r\n`)
  for (let sent = 0; sent < drops; sent += 1) {
    await pause(20)
    connection.write(chunked ? `${drop.length.toString(16)}\r\n${drop}\r\n` : drop)
  }
  if (chunked) connection.write('0\r\n\r\n')
}

const lines = 50
const whole = Array.from({ length: lines }, (_, number) => line(number)).join('')

/** Downloads that take their time, compared byte for byte. */
export const longDownload: ClientKind = (place, options = {}) =>
  eachAlone('long download', place, {
    ...options,
    exchange: async (connection, id, { tally }) => {
      connection.write(asking(id, { path: `/download/${lines}` }))
      const { status, body } = await connection.answer()
      if (status === nobodyThere) {
        tally.refused += 1
        return
      }
      if (status !== 200 || body.toString('latin1') !== whole)
        throw new Error(`${id} got ${status} and ${body.length} of ${whole.length} bytes`)
      tally.answered.add(id)
    },
  })
