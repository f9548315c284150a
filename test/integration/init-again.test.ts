import assert from 'node:assert/strict'
import { readFileSync, rmSync, statSync } from 'node:fs'
import test from 'node:test'
import { spawnCli } from '../helpers/spawn-cli.ts'
import type { TempDir } from '../helpers/temp-dir.ts'
import { project, snapshot } from './init-project.ts'

const given = ['--name', 'guestbook', '--domain', 'guestbook.example', '--app', './server.js']

const init = (dir: TempDir, flags: readonly string[] = given) =>
  spawnCli(['init', '--yes', ...flags], { cwd: dir.path })
const site = (dir: TempDir) => JSON.parse(readFileSync(dir.join('deploy/site.json'), 'utf8'))

test('a second init with nothing new leaves every file alone', async () => {
  await using dir = await project()
  await init(dir)
  const inode = statSync(dir.join('deploy/RUNBOOK.md')).ino
  const { code, stdout } = await init(dir)
  assert.equal(code, 0)
  assert.doesNotMatch(stdout, /written|replaced/)
  assert.equal(statSync(dir.join('deploy/RUNBOOK.md')).ino, inode)
})

test('a second init keeps the answers of the first', async () => {
  await using dir = await project()
  await init(dir, [...given, '--workers', '5', '--static', '/a/=public'])
  assert.equal((await init(dir, [])).code, 0)
  assert.equal(site(dir).workers, 5)
  assert.deepEqual(site(dir).static, [{ prefix: '/a/', directory: dir.join('public') }])
})

test('a file with other content is named and not overwritten; nothing else is written either', async () => {
  await using dir = await project()
  await init(dir)
  await dir.write('deploy/etc/nginx/sites-available/guestbook.conf', '# mine\n')
  rmSync(dir.join('deploy/RUNBOOK.md'))
  const before = snapshot(dir.path)
  const { code, stderr, stdout } = await init(dir)
  assert.deepEqual([code, stdout], [2, ''])
  assert.match(stderr, /deploy\/etc\/nginx\/sites-available\/guestbook\.conf/)
  assert.match(stderr, /--force/)
  assert.doesNotMatch(stderr, /guestbook\.service/)
  assert.deepEqual(snapshot(dir.path), before)
})

test('--force overwrites it', async () => {
  await using dir = await project()
  await init(dir)
  const before = snapshot(dir.path)
  await dir.write('deploy/etc/nginx/sites-available/guestbook.conf', '# mine\n')
  const { code, stdout } = await init(dir, [...given, '--force'])
  assert.equal(code, 0)
  assert.match(stdout, /replaced +deploy\/etc\/nginx/)
  assert.deepEqual(snapshot(dir.path), before)
})

test('changed answers change the files, without force, as long as nobody has edited them', async () => {
  await using dir = await project()
  await init(dir, [...given, '--workers', '2'])
  const { code, stdout } = await init(dir, ['--workers', '3'])
  assert.equal(code, 0)
  assert.match(stdout, /updated +deploy\/etc\/nginx\/sites-available\/guestbook\.conf/)
  assert.match(stdout, /unchanged +deploy\/etc\/sysusers\.d\/guestbook\.conf/)
  assert.match(readFileSync(dir.join('deploy/etc/systemd/system/guestbook.socket'), 'utf8'), /3\.sock/)
})

const edit = async (dir: TempDir, name: string) => {
  const path = `deploy/etc/systemd/system/guestbook.${name}`
  const text = readFileSync(dir.join(path), 'utf8')
  await dir.write(path, text.replace('[Install]', '# by hand\n[Install]'))
}

test('a file edited by hand is kept where init has nothing new for it, and refused where it has', async () => {
  await using dir = await project()
  await init(dir, [...given, '--workers', '2'])
  await edit(dir, 'service')
  const kept = await init(dir, ['--hsts'])
  assert.equal(kept.code, 0)
  assert.match(kept.stdout, /kept as edited +deploy\/etc\/systemd\/system\/guestbook\.service/)
  assert.match(readFileSync(dir.join('deploy/etc/systemd/system/guestbook.service'), 'utf8'), /# by hand/)
  await edit(dir, 'socket')
  const before = snapshot(dir.path)
  const refused = await init(dir, ['--workers', '3'])
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /edited by hand.*guestbook\.socket/s)
  assert.deepEqual(snapshot(dir.path), before)
  const shown = await init(dir, ['--workers', '3', '--diff'])
  assert.match(shown.stdout, /guestbook\.socket \(your edit\)\n(?:.*\n)*?\+# by hand/)
  assert.match(
    shown.stdout,
    /guestbook\.socket \(what init would change\)\n(?:.*\n)*?\+ListenStream=\/run\/guestbook\/3\.sock/,
  )
})

test('answers edited in site.json are answers: the files follow', async () => {
  await using dir = await project()
  await init(dir, [...given, '--workers', '2'])
  await dir.write(
    'deploy/site.json',
    readFileSync(dir.join('deploy/site.json'), 'utf8').replace('"workers": 2', '"workers": 4'),
  )
  assert.equal((await init(dir, [])).code, 0)
  assert.match(readFileSync(dir.join('deploy/etc/systemd/system/guestbook.socket'), 'utf8'), /4\.sock/)
})

test('--diff shows what would change, and changes nothing', async () => {
  await using dir = await project()
  await init(dir, [...given, '--workers', '2'])
  const before = snapshot(dir.path)
  const { code, stdout } = await init(dir, [...given, '--workers', '3', '--diff'])
  assert.equal(code, 0)
  assert.match(stdout, /^\+ {4}server unix:\/run\/guestbook\/3\.sock/m)
  assert.match(stdout, /^- {2}"workers": 2,$/m)
  assert.deepEqual(snapshot(dir.path), before)
})
