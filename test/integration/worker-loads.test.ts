import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Beat } from '../../src/contract/messages.ts'
import { request } from '../helpers/http-request.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'

const loads: readonly (readonly [app: string, what: string, path: string, answer: RegExp])[] = [
  ['test/apps/echo.mjs', 'a request listener', '/', /"method":"GET"/],
  ['test/apps/commonjs-app.cjs', 'a CommonJS module', '/', /commonjs, main: false/],
  ['test/apps/commonjs-app.cjs:app', 'an export by name', '/', /commonjs/],
  ['./test/apps/commonjs-app:app', 'a path without its extension', '/', /commonjs/],
  ['test/apps/typescript-app.ts', 'TypeScript', '/', /hello from typescript/],
  ['test/apps/express-app.mjs', 'an Express application', '/who', /"ip"/],
  ['test/apps/fetch-handler.mjs', 'a fetch handler', '/url', /^http:\/\/127\.0\.0\.1:\d+\/url$/],
  ['test/apps/websockets.mjs', 'an http.Server', '/', /not a websocket/],
  ['test/apps/listens-later.cjs', 'a module that listens when it is ready to', '/', /later/],
]

for (const [app, what, path, answer] of loads) {
  test(`${what} is served: ${app}`, async () => {
    using listener = holdListener()
    await using worker = startWorker({ app, listeners: [listener] })
    await worker.serve()
    const { body } = await request(listener.target, path)
    assert.match(body, answer)
  })
}

test('TypeScript that is more than JavaScript with types is served too', async () => {
  await using dir = await tempDir()
  using listener = holdListener()
  const app = await dir.write(
    'app.ts',
    `enum Mood { good = 'a good day' }
     class Greeter { constructor(private readonly words: string) {} greet() { return this.words + Mood.good } }
     export const handler = (_request: unknown, response: { end(text: string): void }) => response.end(new Greeter('have ').greet())`,
  )
  await using worker = startWorker({ app, listeners: [listener] })
  await worker.serve()
  const { body } = await request(listener.target, '/')
  assert.equal(body, 'have a good day')
})

test('a module that listens by itself is served on our listeners, and believes it listens', async () => {
  await using dir = await tempDir()
  using listener = holdListener(dir.join('s.sock'))
  await using worker = startWorker({ app: 'test/apps/calls-listen.mjs', listeners: [listener] })
  await worker.serve()
  const { json } = await request(listener.target, '/')
  assert.deepEqual(json(), {
    told: ['event', 'callback'],
    address: dir.join('s.sock'),
    listening: true,
    argv: [`${process.cwd()}/test/apps/calls-listen.mjs`],
  })
})

const failures: readonly (readonly [app: string, status: number, message: RegExp])[] = [
  ['test/apps/no-such.mjs', 4, /no application at "test\/apps\/no-such\.mjs": looked for .*\/test\/apps\/no-such\.mjs/],
  [
    'test/apps/throws-at-import.mjs',
    4,
    /throws-at-import\.mjs cannot be loaded: Error: this application cannot be loaded \(at .*throws-at-import\.mjs:1:\d+/,
  ],
  ['test/apps/exits-at-import.mjs', 4, /ended its process with status 7 while it was loaded/],
  [
    'test/apps/exports-nothing.cjs',
    4,
    /exports nothing and does not listen; .* It seems to listen only when it is run directly \(require\.main === module\)/,
  ],
  [
    'test/apps/commonjs-app.cjs:application',
    4,
    /has no export "application"; it exports .*app \(a function of 2 arguments\)/,
  ],
  ['test/apps/commonjs-app.cjs:settings', 4, /exports an object \(port\) as "settings", which cannot be served/],
]

for (const [app, status, message] of failures) {
  test(`what is wrong with ${app} is told in words, and the worker exits ${status}`, async () => {
    await using worker = startWorker({ app })
    const failed = await worker.says('failed')
    assert.match(failed.message, message)
    assert.equal(await worker.ended(), status)
    assert.doesNotMatch(failed.message, /\n/)
  })
}

test('an https server of the application gets plain HTTP, since TLS is not its business here', async () => {
  await using dir = await tempDir()
  using listener = holdListener()
  const code = `import { createServer } from 'node:https'
    createServer({}, (request, response) => response.end(String(request.socket.encrypted))).listen(8443)`
  await using worker = startWorker({ app: await dir.write('app.mjs', code), listeners: [listener] })
  await worker.serve()
  assert.equal((await request(listener.target, '/')).body, 'undefined')
})

test('of two servers that listen, the second listens where it says', async () => {
  await using dir = await tempDir()
  using listener = holdListener()
  const code = `import { createServer } from 'node:http'
    const metrics = createServer((request, response) => response.end('metrics'))
    createServer((request, response) => response.end(String(metrics.address().port))).listen(80)
    metrics.listen(0, '127.0.0.1')`
  await using worker = startWorker({ app: await dir.write('app.mjs', code), listeners: [listener] })
  await worker.serve()
  const port = Number((await request(listener.target, '/')).body)
  assert.equal((await request({ port }, '/')).body, 'metrics')
})

test('an application that is never ready is told what it was waiting for, shortly before the boot timeout', async () => {
  await using worker = startWorker({ app: 'test/apps/never-ready.mjs', config: { bootTimeout: 15_000 } })
  const { message } = await worker.says('failed')
  assert.match(
    message,
    /not ready within 15 s .* still waiting for the function that .* exports to return an application/,
  )
  assert.equal(await worker.ended(), 3)
})

test('an unhealthy application does not become ready', async () => {
  await using worker = startWorker({ app: 'test/apps/fetch-handler.mjs', config: { healthPath: '/health' } })
  const { message } = await worker.says('failed')
  assert.match(message, /health path \/health answered 404/)
  assert.equal(await worker.ended(), 3)
})

/** One request was made, and nothing is left of it. */
const isOver = ({ requests, inFlight, connections }: Beat): boolean => requests === 1 && inFlight + connections === 0

test('a health path is asked inside the process, before anything is accepted', async () => {
  await using worker = startWorker({ app: 'test/apps/fetch-handler.mjs', config: { healthPath: '/url' } })
  await until(() => worker.said().some((message) => message.type === 'beat' && isOver(message)))
})

test('a trial says whether the application can be served, and ends', async () => {
  await using worker = startWorker({ app: 'test/apps/echo.mjs', trial: true })
  await worker.says('ready')
  assert.equal(await worker.ended(), 0)
})

test('a slip in the syntax of an ES module is told with its file and line, also when the module is imported by another', async () => {
  await using dir = await tempDir()
  await dir.write('routes.mjs', 'const one = 1\nexport const routes = {\n  one:: 1,\n}\n')
  await dir.write('router.mjs', "import { routes } from './routes.mjs'\nexport const router = routes\n")
  const app = await dir.write('app.mjs', "import { router } from './router.mjs'\nexport default () => router\n")
  await using worker = startWorker({ app })
  const { message } = await worker.says('failed')
  assert.match(message, /SyntaxError: .* \(at \/.*\/routes\.mjs:3:\d+\)/)
})
