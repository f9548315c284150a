import assert from 'node:assert/strict'
import type { Line } from '../contract.ts'

const statuses = [200, 201, 301, 404, 418, 503] as const

/** Plain requests and their answers. */
export const answers = [
  {
    id: 'health',
    asks: 'GET answers 200 with its text and type',
    check: async (site) => {
      const { status, body, headers } = await site.request('/health')
      assert.equal(status, 200)
      assert.equal(body, 'ok')
      assert.match(headers['content-type'] ?? '', /^text\/plain\b/)
    },
  },
  {
    id: 'query',
    asks: 'a query arrives decoded, repeated names too',
    check: async (site) => {
      const { json } = await site.request('/query?name=J%C3%BCrgen%20%26%20co&list=a&list=b')
      assert.deepEqual(json(), { name: 'Jürgen & co', list: ['a', 'b'] })
    },
  },
  {
    id: 'headers',
    asks: 'headers arrive and leave, each Set-Cookie on its own',
    check: async (site) => {
      const { json, headers } = await site.request('/headers', {
        headers: { 'X-Asked': 'twice, thrice', cookie: 'c=3' },
      })
      const seen = json() as Record<string, string>
      assert.deepEqual([seen['x-asked'], seen['cookie'], seen['host']], ['twice, thrice', 'c=3', 'localhost'])
      assert.equal(headers['x-answer'], 'given')
      assert.deepEqual(
        headers['set-cookie']?.map((cookie) => cookie.split(';')[0]),
        ['a=1', 'b=2'],
      )
    },
  },
  {
    id: 'status',
    asks: 'status codes pass; 204 and 304 have no body, 301 its Location',
    check: async (site) => {
      for (const code of statuses) {
        const { status, headers } = await site.request(`/status/${code}`)
        assert.equal(status, code)
        if (code === 301) assert.match(headers.location ?? '', /\/health$/)
      }
      for (const code of [204, 304]) {
        const { status, bytes } = await site.request(`/status/${code}`)
        assert.deepEqual([status, bytes.length], [code, 0])
      }
    },
  },
  {
    id: 'head',
    asks: 'HEAD is answered as GET, without the body',
    check: async (site) => {
      const { status, bytes, headers } = await site.request('/health', { method: 'HEAD' })
      assert.deepEqual([status, bytes.length], [200, 0])
      assert.match(headers['content-type'] ?? '', /^text\/plain\b/)
    },
  },
  {
    id: 'keep-alive',
    asks: 'one connection carries request after request',
    check: async (site) => {
      using agent = site.agent()
      const ports = new Set<unknown>()
      agent.on('free', (socket) => ports.add(socket))
      for (const word of ['one', 'two', 'three']) {
        const { body } = await site.request('/echo', {
          method: 'POST',
          body: word,
          headers: { 'content-type': 'text/plain' },
          agent,
        })
        assert.equal(body, word)
      }
      assert.equal(ports.size, 1)
    },
  },
  {
    id: 'error',
    asks: 'a handler that throws is a 500, and the next request is served',
    check: async (site) => {
      assert.equal((await site.request('/fail')).status, 500)
      assert.equal((await site.request('/health')).status, 200)
    },
  },
] as const satisfies readonly Line[]
