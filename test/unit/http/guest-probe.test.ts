import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import test from 'node:test'
import { createGuestProbe } from '../../../src/http/probe.ts'

const request = (url: string) =>
  ({ url, method: 'GET', headers: {}, rawHeaders: [], socket: {} }) as unknown as IncomingMessage

function answerTo(url: string, token: string | null): { readonly taken: boolean; readonly asked: number } {
  let asked = 0
  const count = () => {
    asked += 1
    return token
  }
  const response = { writeHead: () => response, end: () => response } as unknown as ServerResponse
  const probe = createGuestProbe({ prefix: '/guest/', token: count, pid: 1, slot: 1 })
  return { taken: probe.answer(request(url), response), asked }
}

test('the server answers for itself below the token of the moment', () => {
  assert.deepEqual(answerTo('/guest/abc/view', 'abc'), { taken: true, asked: 1 })
  assert.deepEqual(answerTo('/guest/abc/view?x=1', 'abc'), { taken: true, asked: 1 })
})

test('everything else is the application’s: another token, none at all, and a route that there is not', () => {
  assert.equal(answerTo('/guest/abd/view', 'abc').taken, false)
  assert.equal(answerTo('/guest/abc/view', null).taken, false)
  assert.equal(answerTo('/guest/abc/other', 'abc').taken, false)
})

test('nobody is asked for a token where the path is not that of a guest', () => {
  assert.deepEqual(answerTo('/', 'abc'), { taken: false, asked: 0 })
  assert.deepEqual(answerTo('/guest', 'abc'), { taken: false, asked: 0 })
})
