import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tempDir } from '../helpers/temp-dir.ts'
import { startWorker } from '../helpers/worker-harness.ts'

/** Small programs that cannot be served, by the name of their file. */
const programs: readonly (readonly [name: string, code: string, message: RegExp, fix: RegExp])[] = [
  [
    'alias.ts',
    "import { db } from '@/db'; export default (_: unknown, response: { end(text: string): void }) => response.end(db)",
    /cannot be loaded: .*Cannot find (?:module|package) '@\/db'.* Likely cause: .* alias of tsconfig\.json/,
    /Build the application/,
  ],
  ['broken.ts', 'export default (request: any) => { request.end( }', /cannot be loaded: .*broken\.ts:1/, /^$/],
  [
    'types.cjs',
    'interface Named { name: string }',
    /SyntaxError: .* TypeScript in a file that is named as Java/,
    /\.ts/,
  ],
  [
    'settings.mjs',
    "if (!process.env.DB_URL) throw Error('DB_URL is required')",
    /variable .* not set here/,
    /--env-file/,
  ],
  [
    'http2.mjs',
    "import { createServer } from 'node:http2'; export default createServer()",
    /exports a Http2Server .* as "default", which cannot be served/,
    /createServer of node:http/,
  ],
  [
    'named.mjs',
    'export const api = (_, response) => response.end()',
    /looked for the exports default/,
    /named\.mjs:api$/,
  ],
  ['class.mjs', 'export default class Shop {}', /exports the class Shop as "default"/, /an instance of the class/],
  [
    'rejects.cjs',
    "module.exports = Promise.reject(Error('no luck'))",
    /cannot make its application: Error: no luck/,
    /^$/,
  ],
  [
    'forgets.mjs',
    "Promise.reject(Error('lost')); export default (a, b) => {}",
    /throws while it starts: Error: lost/,
    /^$/,
  ],
]

for (const [name, code, message, fix] of programs) {
  test(`what is wrong with ${name} is told with what to do, and the worker exits 4`, async () => {
    await using dir = await tempDir()
    await using worker = startWorker({ app: await dir.write(name, code) })
    const failed = await worker.says('failed')
    assert.match(failed.message, message)
    assert.match(failed.fix ?? '', fix)
    assert.equal(await worker.ended(), 4)
  })
}

test('where the build was not run, that is said', async () => {
  await using dir = await tempDir()
  await dir.write('package.json', '{ "scripts": { "build": "tsc" } }')
  await using worker = startWorker({ app: dir.join('dist/server.js') })
  const { message, fix } = await worker.says('failed')
  assert.match(message, /no application at ".*server\.js": looked for .* the build was not run/)
  assert.equal(fix, `In ${dir.path}: npm run build`)
})
