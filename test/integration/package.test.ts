import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { before } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { repository } from '../helpers/repository.ts'
import { runProgram } from '../helpers/run-program.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const allowed = /^(?:bin\/|dist\/|templates\/|(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$)/
const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))

/** Where processes, threads and importers come in; all else is in the chunks that these load. */
const doors = [
  ...['index.js', 'request.js', 'cli/main.js', 'cli/main.cjs', 'worker/main.cjs', 'worker/stall-thread.cjs'],
].map((door) => `dist/${door}`)

/** The npm of this machine with its registry and its cache. */
async function npm(args: readonly string[]) {
  const { NODE_OPTIONS, NODE_TEST_CONTEXT, npm_config_prefix, ...env } = process.env
  return runProgram('npm', [...args, '--no-audit', '--no-fund'], {
    cwd: repository,
    env,
    within: 240_000,
  })
}

function list(folder: string): readonly string[] {
  const entries = readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repository.length + 1))
}

before(async () => {
  const { code, stderr } = await runProgram(process.execPath, [join(repository, 'test', 'join-modules.mjs')], {
    env: process.env,
  })
  assert.equal(code, 0, stderr)
})

test('the package holds what is needed to run, and nothing else', async () => {
  const { stdout } = await npm(['pack', '--ignore-scripts', '--dry-run', '--json'])
  const packed: readonly string[] = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path)
  assert.deepEqual(
    packed.filter((path) => !allowed.test(path)),
    [],
  )
  const types = list('dist').filter((path) => path.endsWith('.d.ts'))
  const modules = list('src').filter((path) => path.endsWith('.ts'))
  assert.deepEqual([...types].sort(), modules.map((path) => path.replace(/^src(.*)\.ts$/, 'dist$1.d.ts')).sort())
  const needed = [
    ...types,
    ...doors,
    ...list('dist').filter((path) => path.startsWith('dist/chunks/')),
    ...list('templates'),
    ...list('bin'),
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
  ]
  assert.deepEqual([...packed].sort(), needed.sort())
})

test('a global install of the package prints its version, teaches its commands and serves', async (t) => {
  await using dir = await tempDir()
  const packing = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', dir.path])
  const tarball = dir.join(JSON.parse(packing.stdout)[0].filename)
  const installing = await npm(['install', '--global', '--prefix', dir.join('prefix'), '--prefer-offline', tarball])
  if (/\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET)\b/.test(installing.stderr)) {
    return t.skip('the package registry cannot be reached')
  }
  assert.equal(installing.code, 0, installing.stderr)
  const program = dir.join('prefix', 'bin', 'tsicorn')
  const version = await spawnCli(['--version'], { program })
  assert.deepEqual([version.code, version.stdout.trim()], [0, manifest.version])
  assert.match((await spawnCli(['--help'], { program })).stdout, /serve.*init.*rehearse/s)
  const app = await dir.write('app.mjs', "export default (request, response) => response.end('hello')")
  await using server = await startServer({ app, program, flags: ['--workers', '2'] })
  assert.equal((await request(server.target, '/')).body, 'hello')
})
