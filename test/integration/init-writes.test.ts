import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { spawnCli } from '../helpers/spawn-cli.ts'
import type { TempDir } from '../helpers/temp-dir.ts'
import { project, snapshot } from './init-project.ts'

const given = ['--name', 'guestbook', '--domain', 'guestbook.example', '--app', './server.js']

const init = (dir: TempDir, flags: readonly string[] = given) =>
  spawnCli(['init', '--yes', ...flags], { cwd: dir.path })
const site = (dir: TempDir) => JSON.parse(readFileSync(dir.join('deploy/site.json'), 'utf8'))

test('init --yes writes the bundle of the contract, and says what to do next', async () => {
  await using dir = await project()
  const { code, stdout, stderr } = await init(dir)
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  const files = [
    ...['site.json', 'RUNBOOK.md', 'etc/nginx/sites-available/guestbook.conf', 'etc/guestbook/env'],
    ...['etc/systemd/system/guestbook.service', 'etc/systemd/system/guestbook.socket'],
    ...['etc/guestbook/tsicorn.config.json', 'etc/sysusers.d/guestbook.conf', 'etc/tmpfiles.d/guestbook.conf'],
  ]
  for (const name of files) {
    assert.ok(statSync(dir.join('deploy', name)).isFile(), name)
    assert.match(stdout, new RegExp(`written +deploy/${name}`))
  }
  assert.match(stdout, /tsicorn rehearse/)
  assert.match(stdout, /RUNBOOK\.md/)
  assert.equal(statSync(dir.join('deploy/etc/guestbook/env')).mode & 0o777, 0o640)
})

test('the same answers give the same bytes, in another folder too', async () => {
  await using one = await project()
  await using other = await project()
  const flags = [...given, '--working-directory', '/srv/guestbook']
  await init(one, flags)
  await init(other, flags)
  assert.deepEqual(snapshot(one.join('deploy')), snapshot(other.join('deploy')))
})

test('without flags the answers are found by looking', async () => {
  await using dir = await project()
  assert.equal((await init(dir, [])).code, 0)
  const { name, app, user, workingDirectory, workers } = site(dir)
  assert.deepEqual(
    { name, app, user, workingDirectory },
    {
      ...{ name: 'web-shop', app: './server.js', user: 'web-shop', workingDirectory: dir.path },
    },
  )
  assert.ok(workers >= 2)
})

test('the folder may be given, and the answers of its package.json are its defaults', async () => {
  await using dir = await project()
  await dir.write('package.json', JSON.stringify({ tsicorn: { workingDirectory: 'app', workers: 4, name: 'inner' } }))
  await dir.write('app/main.js', '')
  await dir.write('app/package.json', JSON.stringify({ name: 'ignored', main: './main.js' }))
  const { code } = await spawnCli(['init', dir.path, '--yes', '--workers', '6'], { cwd: '/' })
  assert.equal(code, 0)
  const { name, app, workingDirectory, workers } = site(dir)
  assert.deepEqual([name, app, workingDirectory, workers], ['inner', './main.js', dir.join('app'), 6])
})

test('--answers takes a file with the same names, which flags overrule', async () => {
  await using dir = await project()
  await dir.write('answers.json', '\ufeff{ "name": "filed", "workers": 3, "tls": "off" }')
  const { code } = await spawnCli(['init', '--answers', 'answers.json', '--workers', '4'], { cwd: dir.path })
  assert.equal(code, 0)
  assert.deepEqual([site(dir).name, site(dir).workers, site(dir).tls], ['filed', 4, 'off'])
})

test('--workers auto is a number that fits this machine', async () => {
  await using dir = await project()
  await init(dir, [...given, '--workers', 'auto'])
  assert.ok(Number.isInteger(site(dir).workers) && site(dir).workers >= 2)
})

test('no link is followed, neither for a file nor for a folder, and --force changes nothing about it', async () => {
  for (const place of ['deploy', 'deploy/etc', 'deploy/RUNBOOK.md', 'deploy/etc/nginx']) {
    await using dir = await project()
    await using elsewhere = await project()
    await dir.write('deploy/etc/nginx/sites-available/x', '')
    rmSync(dir.join(place), { recursive: true, force: true })
    symlinkSync(place.endsWith('.md') ? elsewhere.join('server.js') : elsewhere.path, dir.join(place))
    const before = snapshot(elsewhere.path)
    const { code, stderr } = await init(dir, [...given, '--force'])
    assert.equal(code, 2, place)
    assert.match(stderr, /symbolic link, which is not followed/)
    assert.ok(stderr.includes(join(dir.path, place)), stderr)
    assert.deepEqual(snapshot(elsewhere.path), before)
  }
})

test('a file that stands where a folder belongs is named', async () => {
  await using dir = await project()
  await dir.write('deploy/etc', 'a file')
  const { code, stderr } = await init(dir)
  assert.equal(code, 2)
  assert.match(stderr, /deploy\/etc: expected a directory or nothing, found something else/)
})

test('no draft is left behind', async () => {
  await using dir = await project()
  await init(dir)
  assert.deepEqual(
    Object.keys(snapshot(dir.join('deploy'))).filter((name) => /(?:^|\/)\./.test(name)),
    [],
  )
})

const skip = process.getuid?.() === 0 ? 'root may write everywhere' : false
test('a folder that cannot be written to is a message, not a stack trace', { skip }, async () => {
  await using dir = await project()
  chmodSync(dir.path, 0o555)
  const { code, stderr } = await init(dir)
  chmodSync(dir.path, 0o755)
  assert.equal(code, 2)
  assert.match(stderr, /cannot be written: .*permission denied/)
  assert.doesNotMatch(stderr, /\n\s+at /)
  assert.equal(existsSync(dir.join('deploy')), false)
})
