import assert from 'node:assert/strict'
import type { Line } from '../contract.ts'

/** The life of the application, as far as it is seen while it serves. */
export const lives = [
  {
    id: 'startup',
    asks: 'what the application does at its start is over before the first request',
    check: async (site) => {
      const { json } = await site.request('/started')
      assert.deepEqual(json(), { started: true, stops: 0 })
    },
  },
] as const satisfies readonly Line[]
