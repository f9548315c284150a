import { openConnection } from '../http-connection.ts'
import { accept, asking, type ClientKind, postBody, repeat } from './client.ts'

/** Says `Connection: close` with each request, and has a connection for each. */
export const oneShot: ClientKind = (place, { method = 'GET', path, ...options } = {}) =>
  repeat(
    `one-shot ${method}`,
    async ({ tally, newId }) => {
      using connection = await openConnection(place)
      if (connection === null) {
        tally.refused += 1
        return
      }
      const id = newId()
      tally.sent += 1
      connection.write(asking(id, { method, path, close: true }))
      accept(tally, id, await connection.answer(), method === 'POST' ? postBody.length : 0)
    },
    options,
  )
