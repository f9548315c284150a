import assert from 'node:assert/strict'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { readNginxBuild } from '../../src/bundle/nginx-build.ts'
import { renderCheckWrapper } from '../../src/bundle/render.ts'
import { goldenBehind } from '../golden/read-golden.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { placeSite } from '../stack/place-site.ts'
import { debian, type Suite } from './layers.ts'
import { needs } from './needs.ts'

const suites: Readonly<Record<Suite, string>> = { bookworm: 'Debian 12', trixie: 'Debian 13' }

/** The nginx of a Debian release with the libraries of that release, as words to start it with; it reads our files. */
async function nginxOf(suite: Suite): Promise<readonly string[]> {
  const root = await debian(suite)
  const libraries = join(root, 'usr/lib')
  const folder = readdirSync(libraries).find((name) => name.endsWith('-linux-gnu')) ?? ''
  const loaders = ['usr/lib64', `usr/lib/${folder}`, 'usr/lib'].map((path) => join(root, path))
  const loader = loaders.flatMap((path) => linkers(path)).at(0) ?? ''
  return [loader, '--library-path', join(libraries, folder), join(root, 'usr/sbin/nginx')]
}

function linkers(path: string): readonly string[] {
  try {
    return readdirSync(path).flatMap((name) => (/^ld-linux.*\.so\.\d$/.test(name) ? [join(path, name)] : []))
  } catch {
    return []
  }
}

for (const [suite, title] of Object.entries(suites) as [Suite, string][]) {
  test(`nginx of ${title} accepts every site without a word`, { skip: needs('bookworm') }, async (context) => {
    const [program = '', ...words] = await nginxOf(suite)
    const run = (args: readonly string[]) => runProgram(program, [...words, ...args], { env: cleanEnvironment() })
    const build = readNginxBuild((await run(['-V'])).stderr)
    assert.ok(build.version !== null)
    const { version: nginxVersion, openssl } = build
    for (const { name, answers } of goldenBehind('nginx')) {
      await context.test(`${name}, by nginx ${nginxVersion}`, async () => {
        await using dir = await tempDir()
        const given = { ...answers, nginxVersion, opensslVersion: openssl ?? answers.opensslVersion }
        const { fileOf } = await placeSite(dir.path, given, build)
        mkdirSync(dir.join('scratch'))
        const site = fileOf(`etc/nginx/${answers.nginxLayout}/${answers.name}.conf`)
        const wrapper = renderCheckWrapper({ site, scratch: dir.join('scratch'), user: null, foreground: true })
        const file = await dir.write('nginx.conf', wrapper)
        const { code, stderr } = await run(['-t', '-q', '-e', dir.join('scratch/first.log'), '-c', file])
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
      })
    }
  })
}
