import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findLife } from '../../../src/worker/find-life.ts'
import { failureOf } from '../../helpers/failure-of.ts'

const startup = (): string => 'started'
const application = Object.assign(() => {}, { startup })

class Server {
  readonly shutdown = startup
}

const modules: readonly (readonly [what: string, namespace: unknown, found: readonly string[]])[] = [
  ['an ES module', { default: application, startup, shutdown: startup }, ['startup', 'shutdown']],
  ['a CommonJS module', { default: { app: application, startup } }, ['startup']],
  ['an object with fetch()', { default: { fetch: startup, shutdown: startup } }, ['shutdown']],
  ['an application that has such a method for itself', { default: application }, []],
  ['an object of a class that has such a method', { default: new Server() }, []],
  ['a module with nothing of the kind', { default: application }, []],
  ['no module at all', undefined, []],
]

for (const [what, namespace, found] of modules) {
  test(`${what} has ${found.length === 0 ? 'neither startup nor shutdown' : found.join(' and ')}`, () => {
    const life = findLife('/app.js', namespace)
    assert.deepEqual(
      (['startup', 'shutdown'] as const).filter((name) => life[name] !== null),
      found,
    )
  })
}

test('startup keeps the object it is in, and gets no arguments', () => {
  const module = {
    words: 'mine',
    startup(...given: readonly unknown[]) {
      return [this.words, ...given]
    },
  }
  assert.deepEqual(findLife('/app.js', { default: module }).startup?.(), ['mine'])
})

test('a startup that is no function is refused by name', async () => {
  const failure = await failureOf(() => findLife('/app.js', { startup: 5 }))
  assert.equal(failure.code, 'APP_LOAD')
  assert.match(failure.message, /\/app\.js exports a number as "startup", expected a function/)
})
