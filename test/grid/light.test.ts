import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { needs } from '../stack/needs.ts'
import type { ServedSite } from '../stack/serve-site.ts'
import { classes, type GridClass } from './classes.ts'
import { type Framework, lightFrameworks } from './frameworks.ts'
import { runFramework, serveGridSite } from './run.ts'

const missing = needs('nginx', 'openssl')
const where = missing === false ? 'TCP, a unix socket and nginx' : 'TCP and a unix socket'
let site: Promise<ServedSite> | null = null
after(async () => (await site)?.[Symbol.asyncDispose]())

for (const framework of lightFrameworks) {
  test(`${framework.id} (${framework.form}) keeps the whole contract over ${where}`, async () => {
    assert.deepEqual(await failures(framework, classes[0]), [])
  })
}

/** One form with WebSockets, one with streams of the web, one framework; all of them are asked by `npm run test:grid`. */
const few = lightFrameworks.filter(({ id }) => ['server', 'fetch', 'fastify'].includes(id))

for (const workerClass of classes.slice(1)) {
  for (const framework of few) {
    test(`${framework.id} keeps it with the worker class ${workerClass.id} too`, async () => {
      assert.deepEqual(await failures(framework, workerClass), [])
    })
  }
}

async function failures(framework: Framework, workerClass: GridClass): Promise<readonly string[]> {
  if (missing === false) site ??= serveGridSite()
  const cells = await runFramework(framework, { site: await site, workerClass })
  const failed = cells.filter(({ outcome }) => outcome === 'fail')
  return failed.map(({ line, way, why }) => `${line} over ${way}: ${why}`)
}

test('the same contract through nginx', { skip: missing }, () => {})
