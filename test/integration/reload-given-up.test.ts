import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { freePort } from '../helpers/free-port.ts'
import { request } from '../helpers/http-request.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** Cannot be loaded the third time, which is the one after the trial of the first reload. */
const failsOnce = `import { existsSync, writeFileSync } from 'node:fs'
const times = ['one', 'two', 'three'].find((name) => !existsSync(process.env.MARKS + name)) ?? 'more'
writeFileSync(process.env.MARKS + times, '')
if (times === 'three') throw new Error('not this time')
export default (request, response) => response.end(process.env.RELEASE)`

test('a reload that is given up after its trial leaves config and addresses as they were, for workers started later too', async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', failsOnce)
  const [oldPort, newPort] = [await freePort(), await freePort()]
  const configOf = (release: string, port: number) => ({
    ...{ bind: [`127.0.0.1:${port}`], env: [`RELEASE=${release}`, `MARKS=${dir.path}/`], drainIdle: '0.2s' },
  })
  await using server = await startServer({ app, config: configOf('one', oldPort) })
  const [worker = 0] = server.workers()
  const answer = async (port: number): Promise<string> => (await request({ port }, '/')).body
  const isRefused = (port: number): Promise<boolean> =>
    answer(port).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
    )
  writeFileSync(server.dir.join('tsicorn.config.json'), JSON.stringify(configOf('two', newPort)))
  server.signal('SIGHUP')
  await server.expectLog(/reload failed, the old workers serve on: .*not this time/)
  assert.equal(await answer(oldPort), 'one')
  await until(() => isRefused(newPort), { what: 'the new address to be closed: nobody serves it' })
  server.claimLog(/SIGKILL/)
  process.kill(worker, 'SIGKILL')
  await until(async () => (await answer(oldPort)) === 'one' && !server.workers().includes(worker))
  server.signal('SIGHUP')
  await server.expectLog(/reloaded: 1 workers replaced/)
  assert.equal(await answer(newPort), 'two')
  await until(() => isRefused(oldPort), { what: 'the old address to be closed' })
})
