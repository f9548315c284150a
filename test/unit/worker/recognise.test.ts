import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { test } from 'node:test'
import express from 'express'
import { recognise } from '../../../src/worker/recognise.ts'

const koa = { middleware: [], callback: () => (_request: unknown, _response: unknown) => {}, listen: () => {} }
const fastify = Object.assign(Object.create(null), { listen: () => {}, ready: () => {}, server: {} })
const nest = { listen: () => {}, getHttpAdapter: () => ({}), init: () => {} }
const hono = { fetch: () => {}, request: () => {} }

const values: readonly (readonly [what: string, value: unknown, kind: string | null])[] = [
  ['a request listener', (_request: unknown, _response: unknown) => {}, 'listener'],
  ['a connect-style listener', (_request: unknown, _response: unknown, _next: unknown) => {}, 'listener'],
  ['an async listener', async (_request: unknown, _response: unknown) => {}, 'listener'],
  ['an Express application', express(), 'listener'],
  ['an Express router', express.Router(), 'listener'],
  ['a Koa application', koa, 'listener'],
  ['a Fastify application', fastify, 'listens'],
  ['a Nest application', nest, 'listens'],
  ['a Hono application', hono, 'fetch'],
  ['a fetch handler', { port: 3000, fetch: () => {} }, 'fetch'],
  ['an http server', createServer(), 'server'],
  ['an https server', createSecureServer(), 'server'],
  ['a factory', () => {}, 'factory'],
  ['an async factory', async () => {}, 'factory'],
  ['a factory with options', (_options: unknown) => {}, 'factory'],
  ['a class', class Application {}, null],
  ['settings', { port: 3000 }, null],
  ['a promise of an application', Promise.resolve(), 'factory'],
  ['text', 'app', null],
  ['nothing', undefined, null],
  ['null', null, null],
]

for (const [what, value, kind] of values) {
  test(`${what} is ${kind === null ? 'nothing that can be served' : `served as a ${kind}`}`, () => {
    assert.equal(recognise(value)?.kind ?? null, kind)
  })
}

test('methods keep their object', async () => {
  const app = {
    name: 'me',
    fetch: function (this: { name: string }) {
      return new Response(this.name)
    },
  }
  const application = recognise(app)
  assert.ok(application?.kind === 'fetch')
  const response = await application.fetch(new Request('http://a/'), {} as never)
  assert.equal(await response.text(), 'me')
})
