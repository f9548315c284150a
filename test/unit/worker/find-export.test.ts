import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findExport } from '../../../src/worker/find-export.ts'

const app = (_request: unknown, _response: unknown): void => {}
const other = (_request: unknown, _response: unknown): void => {}

const modules: readonly (readonly [
  what: string,
  namespace: unknown,
  asked: string | null,
  name: string | null,
  value?: unknown,
])[] = [
  ['a default export', { default: app, app: other }, null, 'default', app],
  ['an export called app', { app }, null, 'app', app],
  ['an export called handler', { handler: app, port: 1 }, null, 'handler', app],
  ['an export called server', { server: app }, null, 'server', app],
  ['a default export that cannot be served beside one that can', { default: { port: 1 }, app }, null, 'app', app],
  ['a CommonJS module that is its application', { default: app, 'module.exports': app }, null, 'default', app],
  ['a CommonJS module with an application inside', { default: { app } }, null, 'app', app],
  ['a compiled ES module', { default: { __esModule: true, default: app }, __esModule: true }, null, 'default', app],
  ['a CommonJS module without exports', { default: {} }, null, null],
  ['an ES module without exports', {}, null, null],
  ['an export by name', { default: other, start: app }, 'start', 'start', app],
  ['an export by name inside a CommonJS module', { default: { start: app } }, 'start', 'start', app],
  ['an export inside an object', { routes: { api: app } }, 'routes.api', 'routes.api', app],
  ['a name that is not there', { default: app }, 'start', null],
  ['something that cannot be served', { default: { port: 1 } }, null, 'default', { port: 1 }],
]

for (const [what, namespace, asked, name, value] of modules) {
  test(`${asked ?? 'without a name'}, ${name ?? 'nothing'} is found in ${what}`, () => {
    assert.deepEqual(findExport(namespace, asked), name === null ? null : { name, value })
  })
}
