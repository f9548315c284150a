import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { readNginxBuild } from '../../src/bundle/nginx-build.ts'
import { renderCheckWrapper } from '../../src/bundle/render.ts'
import { atLeast } from '../../src/settings/kinds/nginx-words.ts'
import { goldenBehind } from '../golden/read-golden.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { placeSite } from '../stack/place-site.ts'
import { debian, unpacked } from './layers.ts'
import { allFronts, needs } from './needs.ts'

type Release = { readonly title: string; readonly version: RegExp; readonly unpack: () => Promise<string> }

const releases: readonly Release[] = [
  { title: 'Debian 11', version: /^1\.18\./, unpack: () => unpacked('bullseye', 'nginx-core') },
  { title: 'Debian 12', version: /^1\.22\./, unpack: () => debian('bookworm') },
  { title: 'Debian 13', version: /^1\.26\./, unpack: () => debian('trixie') },
]

// What it has changes from day to day.
const next: Release = { title: 'the next Debian', version: /^1\.\d+\./, unpack: () => unpacked('forky', 'nginx') }

/** The nginx of a Debian release with the libraries of that release, as words to start it with; it reads our files. */
async function nginxOf({ unpack }: Release): Promise<readonly string[]> {
  const root = await unpack()
  const folders = ['usr/lib', 'lib'].map((path) => join(root, path))
  const libraries = folders.flatMap((path) => filesIn(path, /-linux-gnu$/))
  const [loader = ''] = [join(root, 'usr/lib64'), ...libraries].flatMap((path) => filesIn(path, /^ld-linux.*\.so\.\d$/))
  return [loader, '--library-path', libraries.join(':'), join(root, 'usr/sbin/nginx')]
}

function filesIn(path: string, pattern: RegExp): readonly string[] {
  if (!existsSync(path)) return []
  return readdirSync(path).flatMap((name) => (pattern.test(name) ? [join(path, name)] : []))
}

for (const release of allFronts ? [...releases, next] : releases) {
  test(`nginx of ${release.title} accepts every site without a word`, { skip: needs('bookworm') }, async (context) => {
    const [program = '', ...words] = await nginxOf(release)
    const run = (args: readonly string[]) => runProgram(program, [...words, ...args], { env: cleanEnvironment() })
    const build = readNginxBuild((await run(['-V'])).stderr)
    assert.match(build.version ?? '', release.version)
    const { version: nginxVersion, openssl } = build
    assert.ok(nginxVersion !== null)
    for (const { name, answers } of goldenBehind('nginx')) {
      await context.test(`${name}, by nginx ${nginxVersion}`, async () => {
        await using dir = await tempDir()
        const given = { ...answers, nginxVersion, opensslVersion: openssl ?? answers.opensslVersion }
        const { fileOf } = await placeSite(dir.path, given, build)
        mkdirSync(dir.join('scratch'))
        const site = fileOf(`etc/nginx/${answers.nginxLayout}/${answers.name}.conf`)
        const wrapper = renderCheckWrapper({ site, scratch: dir.join('scratch'), user: null, foreground: true })
        const file = await dir.write('nginx.conf', wrapper)
        // Older ones open the log that was compiled into them.
        const log = atLeast(nginxVersion, '1.19.5') ? ['-e', dir.join('scratch/first.log')] : []
        const { code, stderr } = await run(['-t', '-q', ...log, '-c', file])
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
      })
    }
  })
}
