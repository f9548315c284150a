import assert from 'node:assert/strict'
import test from 'node:test'
import { detectProject } from '../../src/cli/init/detect-project.ts'
import { hasDefaultServer } from '../../src/cli/init/nginx-sites.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const sites: readonly (readonly [file: string, text: string, isDefault: boolean])[] = [
  ['sites-enabled/default', 'server {\n  listen 80 default_server;\n}', true],
  ['conf.d/x.conf', 'server { listen [::]:443 ssl default; }', true],
  ['nginx.conf', 'http { server { listen 80 default_server; } }', true],
  ['sites-enabled/shop', 'server {\n  # listen 80 default_server;\n  listen 80;\n}', false],
  ['sites-enabled/shop', 'server { listen 80; server_name default_server; }', false],
  ['sites-available/default', 'server { listen 80 default_server; }', false],
]
for (const [file, text, isDefault] of sites) {
  test(`${file} with ${JSON.stringify(text)} ${isDefault ? 'answers' : 'does not answer'} for unknown names`, async () => {
    await using dir = await tempDir()
    await dir.write(file, text)
    assert.equal(hasDefaultServer(dir.path), isDefault)
  })
}

test('a host without nginx has no site that answers for unknown names', () => {
  assert.equal(hasDefaultServer('/no/such/folder'), false)
})

const starts: readonly (readonly [start: string, entry: string | undefined])[] = [
  ['node server.js', './server.js'],
  ['NODE_ENV=production node --enable-source-maps --import tsx ./bin/www.ts', './bin/www.ts'],
  ['tsx src/web', './src/web.ts'],
  ['cross-env PORT=1 node server', './server.js'],
  ['next start', undefined],
  ['node ../elsewhere.js', undefined],
  ['node server.js; rm -rf /', undefined],
]
for (const [start, entry] of starts) {
  test(`an application that starts with "${start}" ${entry === undefined ? 'has no entry that can be seen' : `is ${entry}`}`, async () => {
    await using dir = await tempDir()
    if (!start.includes(';')) for (const file of ['server.js', 'bin/www.ts', 'src/web.ts']) await dir.write(file, '')
    const { app } = detectProject(dir.path, { scripts: { start } })
    // server.js is found by its usual name as well.
    assert.equal(app === './server.js' && entry === undefined ? undefined : app, entry)
  })
}

for (const [file, packageManager] of [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
] as const) {
  test(`${file} tells that ${packageManager} installs the packages`, async () => {
    await using dir = await tempDir()
    await dir.write(file, '')
    assert.equal(detectProject(dir.path, {}).packageManager, packageManager)
  })
}
