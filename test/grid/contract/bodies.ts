import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { settled } from '../../helpers/until.ts'
import type { Line } from '../contract.ts'

const largest = 4 * 1024 * 1024
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const binary = Buffer.from(Array.from({ length: 256 }, (_, at) => at))

/** Bodies, both ways. */
export const bodies = [
  {
    id: 'echo',
    asks: 'a body comes back byte for byte, by POST and PUT, with its type',
    check: async (site) => {
      for (const [method, type, body] of [
        ['POST', 'text/plain; charset=utf-8', Buffer.from('grüße ✓')],
        ['PUT', 'application/octet-stream', binary],
        ['POST', 'application/json', Buffer.from('{"a": 1}')],
        ['POST', 'text/plain', Buffer.alloc(0)],
      ] as const) {
        const { status, bytes, headers } = await site.request('/echo', {
          method,
          body,
          headers: { 'content-type': type },
        })
        assert.deepEqual([status, headers['x-method']], [200, method])
        assert.deepEqual(bytes, body)
        assert.match(headers['content-type'] ?? '', new RegExp(`^${type.split(';')[0]}`))
      }
    },
  },
  {
    id: 'chunked',
    asks: 'a body of unknown length arrives whole',
    check: async (site) => {
      using opened = site.open('/echo', { method: 'POST', headers: { 'content-type': 'text/plain' } })
      for (const word of ['piece ', 'by ', 'piece']) opened.outgoing.write(word)
      opened.outgoing.end()
      await opened.ended()
      assert.equal(opened.body(), 'piece by piece')
    },
  },
  {
    id: 'upload',
    asks: '4 MiB arrive unchanged',
    check: async (site) => {
      const body = randomBytes(largest)
      const headers = { 'content-type': 'application/octet-stream' }
      const { json } = await site.request('/large', { method: 'POST', body, headers })
      assert.deepEqual(json(), { bytes: largest, sha256: sha256(body) })
    },
  },
  {
    id: 'download',
    asks: '4 MiB leave unchanged',
    check: async (site) => {
      const { bytes } = await site.request('/large')
      assert.equal(bytes.length, largest)
      assert.equal(
        sha256(bytes),
        sha256(Buffer.concat(Array.from({ length: 64 }, () => Buffer.alloc(65_536, 'tsicorn grid ')))),
      )
    },
  },
  {
    id: 'continue',
    asks: 'Expect: 100-continue is answered before the body is sent',
    check: async (site) => {
      const headers = { expect: '100-continue', 'content-length': 5, 'content-type': 'text/plain' }
      using opened = site.open('/echo', { method: 'POST', headers })
      const told = new Promise<void>((resolve) => void opened.outgoing.once('continue', resolve))
      opened.outgoing.flushHeaders()
      await settled(told, { what: '100 Continue' })
      opened.outgoing.end('hello')
      await opened.ended()
      assert.equal(opened.body(), 'hello')
    },
  },
] as const satisfies readonly Line[]
