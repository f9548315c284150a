import { type HttpConnection, openConnection } from '../http-connection.ts'
import { accept, asking, type ClientKind, postBody, repeat } from './client.ts'

/**
 * Keeps its connection for the next request, as a proxy does: until the server says close, or until it has been idle for
 * longer than the server promises to listen. It never asks twice.
 */
export const keptAlive: ClientKind = (place, { method = 'GET', path, pauseMs = 15, reuseMs = 600 } = {}) => {
  let connection: HttpConnection | null = null
  let usedAt = 0
  const leave = (): void => connection?.[Symbol.dispose]()
  const isUsable = (): boolean => connection !== null && !connection.isOver() && performance.now() - usedAt < reuseMs
  return repeat(
    `kept-alive ${method}`,
    async ({ tally, newId }) => {
      if (!isUsable()) {
        leave()
        connection = await openConnection(place)
      }
      if (connection === null) {
        tally.refused += 1
        return
      }
      const own = connection
      connection = null
      const id = newId()
      tally.sent += 1
      usedAt = performance.now()
      own.write(asking(id, { method, path }))
      const answer = await own.answer()
      accept(tally, id, answer, method === 'POST' ? postBody.length : 0)
      if (answer.closes) own[Symbol.dispose]()
      else connection = own
    },
    { pauseMs, leave },
  )
}
