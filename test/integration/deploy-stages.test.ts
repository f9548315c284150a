import assert from 'node:assert/strict'
import { chmodSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'

async function project(dir: TempDir): Promise<string> {
  await dir.write('demo/package.json', '{ "type": "module" }\n')
  await dir.write('demo/app.js', 'export default () => undefined\n')
  const args = ['init', dir.join('demo'), '--yes', '--name', 'demo', '--tls', 'off', '--node', '/usr/bin/env']
  const { code, stderr } = await spawnCli(args)
  assert.equal(code, 0, stderr)
  return dir.join('demo')
}

const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !lstatSync(join(folder, name)).isDirectory(),
  )

test('with --root a site is staged into a directory, by anybody, and a second time nothing is to be done', async () => {
  await using dir = await tempDir()
  const path = await project(dir)
  const root = dir.join('image')
  const first = await spawnCli(['deploy', path, '--root', root])
  assert.equal(first.code, 0, first.stderr)
  assert.equal(lstatSync(join(root, 'etc/demo/env')).mode & 0o777, 0o640)
  assert.equal(readlinkSync(join(root, 'etc/nginx/sites-enabled/demo.conf')), '/etc/nginx/sites-available/demo.conf')
  const wants = join(root, 'etc/systemd/system')
  assert.equal(readlinkSync(join(wants, 'multi-user.target.wants/demo.service')), '../demo.service')
  assert.equal(readlinkSync(join(wants, 'sockets.target.wants/demo.socket')), '../demo.socket')
  assert.ok(lstatSync(join(root, 'etc/nginx/tsicorn/demo/server.d')).isDirectory())
  assert.match(first.stdout, /Not made here: the accounts demo .*\/run\/demo .*the application/)
  const [bundled, staged] = [join(path, 'deploy'), root].map((top) =>
    readFileSync(join(top, 'etc/systemd/system/demo.service'), 'utf8'),
  )
  assert.equal(staged, bundled)
  assert.match((await spawnCli(['deploy', path, '--root', root])).stdout, /^Nothing to do/)
  assert.equal((await spawnCli(['deploy', path, '--root', root, '--uninstall'])).code, 0)
  assert.deepEqual(filesBelow(root), [])
})

test('a unit that systemd would not understand is refused before anything is staged', async () => {
  await using dir = await tempDir()
  const path = await project(dir)
  const unit = join(path, 'deploy/etc/systemd/system/demo.service')
  await dir.write(
    'demo/deploy/etc/systemd/system/demo.service',
    readFileSync(unit, 'utf8').replace('KillMode', 'KillModee'),
  )
  const { code, stderr } = await spawnCli(['deploy', path, '--root', dir.join('image')])
  assert.match(stderr, /systemd-analyze refuses \/etc\/systemd\/system\/demo\.service:[\s\S]*KillModee/)
  assert.equal(code, 2)
  assert.deepEqual(filesBelow(dir.join('image')), [])
})

test('flags that exclude each other, a project without a bundle and an unsafe directory are refused in a sentence', async () => {
  await using dir = await tempDir()
  const both = await spawnCli(['deploy', dir.path, '--rollback', '--uninstall'])
  assert.match(both.stderr, /--rollback and --uninstall exclude each other/)
  const none = await spawnCli(['deploy', dir.path, '--dry-run'])
  assert.match(none.stderr, /expected a bundle, and there is no .*site\.json/)
  const path = await project(dir)
  await dir.write('image/x', '')
  chmodSync(dir.join('image'), 0o777)
  const unsafe = await spawnCli(['deploy', path, '--root', dir.join('image')])
  assert.match(unsafe.stderr, /expected a directory that only root writes to/)
  assert.deepEqual([both.code, none.code, unsafe.code], [2, 2, 2])
})

const others = [
  [['--proxy', 'caddy'], /installs sites behind nginx, and this one is behind Caddy/],
  [['--supervisor', 'supervisord'], /installs services of systemd, and this site is started by supervisord/],
  [['--supervisor', 'docker'], /installs services of systemd, and this site is started by Docker/],
] as const

for (const [flags, refusal] of others) {
  test(`a site with ${flags.join(' ')} is not installed: its runbook is pointed to, by init already`, async () => {
    await using dir = await tempDir()
    const path = await project(dir)
    const written = await spawnCli(['init', path, '--yes', ...flags])
    assert.equal(written.code, 0, written.stderr)
    assert.match(written.stdout, /RUNBOOK\.md +as root on the host/)
    assert.doesNotMatch(written.stdout, /tsicorn deploy/)
    const { code, stderr } = await spawnCli(['deploy', path, '--dry-run'])
    assert.equal(code, 2)
    assert.match(stderr, refusal)
    assert.match(stderr, /RUNBOOK\.md has the commands/)
  })
}
