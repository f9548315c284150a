import assert from 'node:assert/strict'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { request } from '../helpers/http-request.ts'
import { repository } from '../helpers/repository.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const door = pathToFileURL(`${repository}/dist/request.js`)

test('an application learns in any callback which request it is serving, however many there are at a time', async () => {
  await using dir = await tempDir()
  const app = await dir.write(
    'app.mjs',
    `import { currentRequest } from ${JSON.stringify(String(door))}
const later = () => new Promise((resolve) => setTimeout(() => setImmediate(() => resolve(currentRequest())), 20))
if (currentRequest() !== undefined) throw new Error('there is no request yet')
export default async (request, response) => {
  const { id, traceparent, method, url } = await later()
  response.end(JSON.stringify({ id, traceparent, method, url }))
}`,
  )
  await using server = await startServer({ app })
  const told = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map(async (name) => {
      const headers = { 'X-Request-Id': `id-${name}`, traceparent }
      return (await request(server.target, `/${name}`, { headers })).json()
    }),
  )
  const expected = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
    ...{ id: `id-${name}`, traceparent, method: 'GET', url: `/${name}` },
  }))
  assert.deepEqual(told, expected)
})

test('a request without an id is given one, which node listeners and fetch handlers see alike', async () => {
  await using dir = await tempDir()
  const listener = `export default (request, response) => {
  const raw = request.rawHeaders.findIndex((name) => name === 'X-Request-Id')
  response.end(request.headers['x-request-id'] + ' ' + request.rawHeaders[raw + 1])
}`
  const fetchHandler = `export default { fetch: (request) =>
  new Response(request.headers.get('x-request-id') + ' ' + request.headers.get('X-Request-Id')) }`
  for (const [name, text] of Object.entries({ listener, fetchHandler })) {
    await using server = await startServer({ app: await dir.write(`${name}.mjs`, text) })
    const ids = await Promise.all([1, 2].map(async () => (await request(server.target, '/')).body.split(' ')))
    for (const [one, other] of ids) {
      assert.match(one ?? '', /^[0-9a-z]{24,}$/)
      assert.equal(one, other)
    }
    assert.notEqual(ids[0]?.[0], ids[1]?.[0])
  }
})
