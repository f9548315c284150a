import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import test from 'node:test'
import { identify } from '../../../src/http/request-id.ts'

function identified(id?: string): { readonly id: unknown; readonly raw: readonly string[] } {
  const request = new IncomingMessage(new Socket())
  request.rawHeaders.push('Host', 'a', ...(id === undefined ? [] : ['X-REQUEST-ID', id]))
  request.headers = id === undefined ? { host: 'a' } : { host: 'a', 'x-request-id': id }
  identify(request)
  return { id: request.headers['x-request-id'], raw: request.rawHeaders }
}

test('a request without an id is given one, each another, wherever an application looks for it', () => {
  const [one, two] = [identified(), identified()]
  assert.match(String(one.id), /^[0-9a-f]{18}[0-9a-z]{6,}$/)
  assert.notEqual(one.id, two.id)
  assert.deepEqual(one.raw, ['Host', 'a', 'X-Request-Id', one.id])
})

test('an id that a proxy has given stays as it is', () => {
  for (const id of ['0af7651916cd43dd8448eb211c80319c', 'Root=1-67891233-abcdef012345678912345678', 'a.b:c@d']) {
    assert.deepEqual(identified(id), { id, raw: ['Host', 'a', 'X-REQUEST-ID', id] })
  }
})

for (const hostile of ['', 'a b', 'a"b', '../../etc', '<script>', 'ü', 'x'.repeat(129), 'a, b', '{jndi:x}']) {
  test(`the id ${JSON.stringify(hostile.slice(0, 20))} is not carried on`, () => {
    const { id, raw } = identified(hostile)
    assert.match(String(id), /^[0-9a-f]{18}/)
    assert.deepEqual(raw, ['Host', 'a', 'X-Request-Id', id])
  })
}
