import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { createStatus, statusPaths } from '../../../src/http/status.ts'
import { resolve } from '../../../src/settings/resolve.ts'
import { serverRules } from '../../../src/settings/rules.ts'
import { serverTable } from '../../../src/settings/server-table.ts'

const path = '/-/status'

/** What is answered to a request; null when it is left to the application. */
async function ask(method: string, url: string, facts: { draining?: boolean; healthy?: boolean } = {}) {
  const { healthy } = facts
  const answer = createStatus(path, {
    isDraining: () => facts.draining === true,
    isHealthy: healthy === undefined ? null : async () => healthy,
  })
  let status = 0
  let body: string | undefined
  const response = {
    writeHead: (code: number) => {
      status = code
      return response
    },
    end: (text?: string) => {
      body = text
    },
  }
  if (!answer({ method, url } as IncomingMessage, response as unknown as ServerResponse)) return null
  await Promise.resolve()
  return `${status} ${body ?? ''}`.trim()
}

const cases: readonly (readonly [string, string, object, string | null])[] = [
  ['GET', path, {}, '200 {"status":"ready"}'],
  ['GET', `${path}/ready`, {}, '200 {"status":"ready"}'],
  ['GET', `${path}/live`, {}, '200 {"status":"live"}'],
  ['GET', `${path}?verbose`, {}, '200 {"status":"ready"}'],
  ['GET', `http://shop.example${path}`, {}, '200 {"status":"ready"}'],
  ['HEAD', path, {}, '200'],
  ['GET', path, { draining: true }, '503 {"status":"draining"}'],
  ['HEAD', `${path}/ready`, { draining: true }, '503'],
  ['GET', `${path}/live`, { draining: true }, '200 {"status":"live"}'],
  ['GET', path, { healthy: false }, '503 {"status":"unhealthy"}'],
  ['GET', path, { healthy: true }, '200 {"status":"ready"}'],
  ['GET', path, { healthy: true, draining: true }, '503 {"status":"draining"}'],
  ['GET', `${path}/live`, { healthy: false }, '200 {"status":"live"}'],
  ['POST', path, {}, '405'],
  ['GET', `${path}/`, {}, null],
  ['GET', `${path}es`, {}, null],
  ['GET', `${path}/other`, {}, null],
  ['GET', '/-/Status', {}, null],
  ['GET', '/', {}, null],
  ['OPTIONS', '*', {}, null],
]

for (const [method, url, facts, expected] of cases) {
  test(`${method} ${url} with ${JSON.stringify(facts)} is ${expected ?? 'left to the application'}`, async () => {
    assert.equal(await ask(method, url, facts), expected)
  })
}

function complaintsOf(values: Readonly<Record<string, unknown>>): readonly string[] {
  const raw = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { from: name, value }]))
  const resolution = resolve(serverTable, serverRules, [{ layer: 'file', label: 'config file', values: raw }])
  return resolution.ok ? [] : resolution.complaints.map(({ expected }) => expected)
}

test('a status path is absolute, has no query, and is not the top of the site', () => {
  for (const statusPath of ['status', '/', '/a?b', '/a/', '//host/a', '/a b', ''])
    assert.equal(complaintsOf({ statusPath }).length, 1, statusPath)
  for (const statusPath of ['/status', '/-/status', '/.well-known/health_1'])
    assert.deepEqual(complaintsOf({ statusPath }), [], statusPath)
})

test('the health path of the application is never answered by the server itself', () => {
  for (const healthPath of [...statusPaths(path), `${path}?deep=1`])
    assert.match(complaintsOf({ statusPath: path, healthPath })[0] ?? '', /reaches the application/)
  assert.deepEqual(complaintsOf({ statusPath: path, healthPath: '/health' }), [])
  assert.match(complaintsOf({ statusPath: path, statusChecksHealth: true })[0] ?? '', /statusPath and healthPath/)
})
