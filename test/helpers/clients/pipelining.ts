import { openConnection } from '../http-connection.ts'
import { accept, asking, type ClientKind, postBody, repeat } from './client.ts'

const depth = 4

/**
 * Sends several requests before it reads an answer. After an answer that says close, what is unanswered has not been
 * carried out (RFC 9112, 9.6), so it is asked again on the next connection, POST included, under the same id: that
 * nothing is carried out twice shows in the ledger.
 */
export const pipelining: ClientKind = (place, options = {}) => {
  const unanswered: string[] = []
  return repeat(
    'pipelining',
    async ({ tally, newId }) => {
      using connection = await openConnection(place)
      if (connection === null) {
        tally.refused += 1
        return
      }
      // More than one batch, so that the next requests come while the last ones are answered.
      for (let batch = 0, closes = false; batch < 5 && !closes; batch += 1) {
        while (unanswered.length < depth) {
          unanswered.push(newId())
          tally.sent += 1
        }
        connection.write(unanswered.map((id) => asking(id, { method: methodOf(id), path: '/sleep/3' })).join(''))
        while (unanswered[0] !== undefined && !closes) {
          const answer = await connection.answer()
          const id = unanswered.shift() ?? ''
          accept(tally, id, answer, methodOf(id) === 'POST' ? postBody.length : 0)
          closes = answer.closes
        }
      }
    },
    options,
  )
}

function methodOf(id: string): 'GET' | 'POST' {
  return /[02468]$/.test(id) ? 'POST' : 'GET'
}
