import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { findApp, repository } from '../helpers/repository.ts'
import { startServer } from '../helpers/start-server.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const page = readFileSync(join(repository, 'templates', 'docs', 'worker-classes.md'), 'utf8')

/** The example of the page in a project that has tsicorn installed, as somebody has who copied it. */
async function copied(dir: TempDir): Promise<string> {
  const example = /^```ts\n\/\/ (\S+)\n(.*?)^```$/ms.exec(page)
  assert.ok(example, 'the page has an example')
  await mkdir(dir.join('node_modules'))
  symlinkSync(repository, dir.join('node_modules/tsicorn'))
  symlinkSync(join(repository, 'node_modules/@types'), dir.join('node_modules/@types'))
  return dir.write(example[1] ?? '', example[2] ?? '')
}

test('the documented class of one’s own is right in its types', async () => {
  await using dir = await tempDir()
  const file = await copied(dir)
  await dir.write('package.json', '{ "type": "module" }')
  const options = {
    include: [file],
    compilerOptions: { strict: true, noEmit: true, types: ['node'], skipLibCheck: true },
  }
  const { module, target } = { module: 'nodenext', target: 'es2023' }
  const project = await dir.write(
    'tsconfig.json',
    JSON.stringify({ ...options, compilerOptions: { ...options.compilerOptions, module, target } }),
  )
  const compiler = join(repository, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '-p', project], { cwd: dir.path, timeout: 60_000, encoding: 'utf8' })
})

test('the documented class of one’s own does what its page says, as the page starts it', async () => {
  await using dir = await tempDir()
  await copied(dir)
  const command = /^ {4}tsicorn \.\/app\.js (.+)$/m.exec(page)?.[1]?.split(' ') ?? []
  assert.ok(command.includes('--worker-class'), 'the page says how to start it')
  const flags = [...command, '--workers', '1', '--drain-idle', '0.2']
  await using server = await startServer({ app: findApp('obedient'), cwd: dir.path, flags })
  const many = Array.from({ length: 130 }, () => request(server.target, '/sleep/1000'))
  const statuses = (await Promise.all(many)).map(({ status }) => status)
  assert.equal(statuses.filter((status) => status === 200).length, 100)
  assert.equal(statuses.filter((status) => status === 503).length, 30)
  const late = request(server.target, '/sleep/1000')
  await until(async () => (await request(server.target, '/')).status === 200)
  server.signal('SIGTERM')
  await server.expectLog(/leaves with 1 requests in hand/)
  assert.equal((await late).status, 200)
  assert.equal((await server.ended).code, 0)
})
