import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { childPids } from '../helpers/process-group.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'

test('an application that forks workers of its own runs what its workers would, and forks none', async () => {
  await using server = await startServer({ app: 'forks-itself' })
  const { json } = await request(server.target, '/')
  assert.deepEqual(json(), { isPrimary: false, isWorker: true, isMaster: false, id: 1 })
  assert.deepEqual(server.workers().flatMap(childPids), [])
  await request(server.target, '/leave')
  await until(async () => (await request(server.target, '/')).body.includes('"id":2'), { what: 'a new worker' })
})

test('a package sees that there is no cluster, and is refused when it forks', async () => {
  await using dir = await tempDir()
  await dir.write('node_modules/forks/package.json', '{ "name": "forks", "main": "index.js" }')
  await dir.write(
    'node_modules/forks/index.js',
    `const cluster = require('node:cluster')
     exports.seen = [cluster.isPrimary, cluster.isMaster, cluster.isWorker]
     exports.run = () => cluster.fork()`,
  )
  using listener = holdListener()
  const app = await dir.write(
    'app.cjs',
    "module.exports = (_, response) => response.end(String(require('forks').seen))",
  )
  await using worker = startWorker({ app, listeners: [listener] })
  await worker.serve()
  assert.equal((await request(listener.target, '/')).body, 'true,true,false')
  await using forking = startWorker({ app: await dir.write('forks.cjs', "require('forks').run()") })
  const { message, fix } = await forking.says('failed')
  assert.match(
    message,
    /cluster\.fork\(\) was called, but tsicorn runs the workers here .*it, or a package it uses, forks/,
  )
  assert.match(fix ?? '', /--workers N/)
  assert.equal(await forking.ended(), 4)
})
