import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import test from 'node:test'
import { renderCheckWrapper } from '../../src/bundle/render.ts'
import { goldenBehind } from '../golden/read-golden.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { needs, program } from './needs.ts'
import { placeSite } from './place-site.ts'

const skip = needs('nginx', 'openssl')

async function testSites(dir: TempDir, sites: string): Promise<string> {
  mkdirSync(dir.join('scratch'))
  const wrapper = renderCheckWrapper({ site: sites, scratch: dir.join('scratch'), user: null, foreground: true })
  const file = await dir.write('nginx.conf', wrapper)
  const args = ['-t', '-q', '-p', dir.path, '-e', dir.join('scratch/first.log'), '-c', file]
  const { code, stderr } = await runProgram(program('nginx'), args, { env: cleanEnvironment() })
  return `${code} ${stderr}`
}

for (const { name, answers } of goldenBehind('nginx')) {
  test(`nginx accepts the site of ${name} without a word`, { skip }, async () => {
    await using dir = await tempDir()
    const { fileOf } = await placeSite(dir.path, answers)
    const layout = `etc/nginx/${answers.nginxLayout}/${answers.name}.conf`
    assert.equal(await testSites(dir, fileOf(layout)), '0 ')
  })
}

test('nginx accepts all the sites side by side, those with a default server apart', { skip }, async () => {
  await using dir = await tempDir()
  const layout = { nginxLayout: 'sites-available', defaultServer: false } as const
  for (const { answers } of goldenBehind('nginx')) await placeSite(dir.path, { ...answers, ...layout })
  assert.equal(await testSites(dir, dir.join('etc/nginx/sites-available/*.conf')), '0 ')
})

test('nginx accepts a thousand workers', { skip }, async () => {
  await using dir = await tempDir()
  const [first] = goldenBehind('nginx')
  assert.ok(first)
  const { fileOf } = await placeSite(dir.path, { ...first.answers, name: 'huge', workers: 512 })
  assert.equal(await testSites(dir, fileOf(`etc/nginx/${first.answers.nginxLayout}/huge.conf`)), '0 ')
})

test('nginx refuses a site with a mistake in it, so its silence means something', { skip }, async () => {
  await using dir = await tempDir()
  const [first] = goldenBehind('nginx')
  assert.ok(first)
  const { answers } = await placeSite(dir.path, first.answers)
  const bad = await dir.write(
    'bad.conf',
    `upstream x { server "unix:${answers.runtimeDirectory}/1.sock" max_fials=0; }\n`,
  )
  assert.match(await testSites(dir, bad), /^1 .*max_fials/s)
})
