import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { supervise } from '../helpers/supervise.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const good = readFileSync(findApp('obedient'), 'utf8')

for (const [what, text, words] of [
  [
    'whose health path fails',
    'export default (request, response) => response.writeHead(503).end()',
    /the health path \/health answered 503, expected a status below 400/,
  ],
  [
    'that never becomes ready',
    `setInterval(() => {}, 1000); await new Promise(() => {})\n${good}`,
    /not ready within 3 s/,
  ],
] as const) {
  test(`a reload to an application ${what} keeps the old workers, and whoever asked or watches learns why`, async () => {
    await using dir = await tempDir()
    using supervisor = supervise(dir.join('notify'))
    const app = await dir.write('app.mjs', good)
    const control = ['--control-socket', dir.join('control')]
    const flags = ['-w', '2', '--health-path', '/health', '--boot-timeout', '3', ...control]
    await using server = await startServer({ app, flags, env: { NOTIFY_SOCKET: dir.join('notify') } })
    const before = server.workers()
    writeFileSync(app, text)
    const { code, stderr } = await spawnCli(['ctl', 'reload', ...control])
    assert.equal(code, 1)
    assert.match(stderr, words)
    await server.expectLog(/reload failed, the old workers serve on/)
    assert.equal(server.log.filter((line) => words.test(line)).length, 1, 'said once')
    const failed = supervisor.heard().findLast((datagram) => datagram.includes('READY=1')) ?? ''
    assert.match(failed, /STATUS=2 of 2 workers serve; reload failed/)
    assert.match(failed, words)
    await until(() => server.workers().length === 2)
    assert.deepEqual(server.workers(), before)
    assert.equal((await request(server.target, '/')).status, 200)
    writeFileSync(app, good)
    assert.equal((await spawnCli(['ctl', 'reload', ...control])).code, 0)
  })
}
