import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { repository } from '../helpers/repository.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const isJoined = readFileSync(join(repository, 'dist', 'cli', 'main.js'), 'utf8').startsWith('import "./main.cjs"')
const skip = isJoined ? false : 'dist holds what tsc alone has made (npm run build joins it)'

async function told(flags: readonly string[]): Promise<readonly { file: string; rejected: boolean | null }[]> {
  await using dir = await tempDir()
  const preload = join(import.meta.dirname, 'programs', 'tell-kept.cjs')
  const env = { NODE_OPTIONS: `--require=${preload} ${flags.join(' ')}`, TOLD: dir.join('told') }
  await using server = await startServer({ app: 'hello', env, flags: ['-w', '1'] })
  assert.equal((await request(server.target, '/')).status, 200)
  const lines = readFileSync(dir.join('told'), 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line))
}

test('master and worker run what V8 has compiled of them when they were built', { skip }, async () => {
  const scripts = await told([])
  assert.deepEqual(
    scripts.map(({ file, rejected }) => [/\/(\w+)-\w+\.cjs$/.exec(file)?.[1], rejected]),
    [
      ['cli', false],
      ['worker', false],
    ],
  )
})

test('where V8 is set up in another way, they are compiled from their text', { skip }, async () => {
  const scripts = await told(['--max-old-space-size=200'])
  assert.equal(scripts.length, 2)
  // Whether V8 takes it is its own affair; the server served.
  for (const { rejected } of scripts) assert.equal(typeof rejected, 'boolean')
})
