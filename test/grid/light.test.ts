import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { needs } from '../stack/needs.ts'
import type { ServedSite } from '../stack/serve-site.ts'
import { lightFrameworks } from './frameworks.ts'
import { runFramework, serveGridSite } from './run.ts'

const missing = needs('nginx', 'openssl')
const where = missing === false ? 'TCP, a unix socket and nginx' : 'TCP and a unix socket'
let site: Promise<ServedSite> | null = null
after(async () => (await site)?.[Symbol.asyncDispose]())

for (const framework of lightFrameworks) {
  test(`${framework.id} (${framework.form}) keeps the whole contract over ${where}`, async () => {
    if (missing === false) site ??= serveGridSite()
    const cells = await runFramework(framework, { site: await site })
    const failed = cells.filter(({ outcome }) => outcome === 'fail')
    assert.deepEqual(
      failed.map(({ line, way, why }) => `${line} over ${way}: ${why}`),
      [],
    )
  })
}

test('the same contract through nginx', { skip: missing }, () => {})
