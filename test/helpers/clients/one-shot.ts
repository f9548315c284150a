import { accept, asking, type ClientKind, eachAlone, postBody } from './client.ts'

/** Says `Connection: close` with each request, and has a connection for each. */
export const oneShot: ClientKind = (place, { method = 'GET', path, ...options } = {}) =>
  eachAlone(`one-shot ${method}`, place, {
    ...options,
    exchange: async (connection, id, { tally }) => {
      connection.write(asking(id, { method, path, close: true }))
      accept(tally, id, await connection.answer(), method === 'POST' ? postBody.length : 0)
    },
  })
