import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import test from 'node:test'
import type { TempDir } from '../helpers/temp-dir.ts'
import { project, runInitIn, snapshot } from './init-project.ts'

const given = ['--name', 'guestbook', '--domain', 'guestbook.example', '--app', './server.js', '--tls', 'self-signed']
const site = 'deploy/etc/nginx/sites-available/guestbook.conf'

const init = (dir: TempDir, flags: readonly string[] = given) => runInitIn(dir.path, flags)
const paths = (dir: TempDir) => Object.keys(snapshot(dir.join('deploy')))

const kinds = [
  ['--proxy', 'nginx', '--supervisor', 'systemd'],
  ['--proxy', 'haproxy', '--supervisor', 'systemd'],
  ['--proxy', 'caddy', '--supervisor', 'supervisord'],
  ['--proxy', 'nginx', '--supervisor', 'docker'],
  ['--proxy', 'apache', '--supervisor', 'systemd'],
  ['--proxy', 'nginx', '--supervisor', 'systemd', '--logs', 'files'],
]

test('with another proxy or supervisor the folder is as if it had been the first: what only the one before had goes, by name', async () => {
  await using dir = await project()
  await dir.write('package-lock.json', '{}')
  for (const kind of kinds) {
    const before = existsSync(dir.join('deploy')) ? paths(dir) : []
    const { code, stdout, stderr } = await init(dir, [...given, ...kind])
    assert.equal(code, 0, stderr)
    await using fresh = await project()
    await fresh.write('package-lock.json', '{}')
    await init(fresh, [...given, ...kind])
    assert.deepEqual(paths(dir), paths(fresh), kind.join(' '))
    const gone = before.filter((path) => !paths(dir).includes(path))
    const named = [...stdout.matchAll(/^ +removed +deploy\/(.*)$/gm)].map(([, path = '']) => path)
    assert.ok(before.length === 0 || named.length > 0)
    assert.deepEqual(
      named.filter((path) => !gone.includes(path)),
      [],
    )
    assert.deepEqual(
      gone.filter((path) => !named.includes(path) && !named.some((one) => one.startsWith(`${path}/`))),
      [],
    )
  }
})

test('what was edited by hand is left and named, each time, also with --force; what init did not write is not touched', async () => {
  await using dir = await project()
  await init(dir)
  cpSync(dir.join(site), dir.join(`${site}.bak`))
  await dir.write('deploy/etc/nginx/mine.conf', '# mine\n')
  await dir.write(site, `${readFileSync(dir.join(site), 'utf8')}# by hand\n`)
  const edited = readFileSync(dir.join(site), 'utf8')
  for (const flags of [['--proxy', 'haproxy'], [], ['--force']]) {
    const { code, stdout } = await init(dir, flags)
    assert.equal(code, 0)
    assert.match(stdout, /^ +left as edited +deploy\/etc\/nginx\/sites-available\/guestbook\.conf$/m)
    assert.match(stdout, /^note: what is left as edited is of earlier answers/m)
    assert.doesNotMatch(stdout, /mine\.conf|\.bak/)
  }
  assert.equal(readFileSync(dir.join(site), 'utf8'), edited)
  assert.ok(existsSync(dir.join(`${site}.bak`)))
  assert.ok(existsSync(dir.join('deploy/etc/nginx/mine.conf')))
  assert.equal(existsSync(dir.join('deploy/etc/nginx/tsicorn')), false)
})

test('another name takes the files of the name before away, but not the secrets somebody has written into one', async () => {
  await using dir = await project()
  await init(dir)
  const environment = 'deploy/etc/guestbook/env'
  await dir.write(environment, `${readFileSync(dir.join(environment), 'utf8')}SECRET=1\n`)
  const { stdout } = await init(dir, ['--name', 'visitors'])
  assert.match(stdout, /left as edited +deploy\/etc\/guestbook\/env/)
  assert.deepEqual(
    paths(dir).filter((path) => path.includes('guestbook')),
    ['etc/guestbook', 'etc/guestbook/env'],
  )
})

test('when answers were changed in site.json itself, what the ones before have left goes too', async () => {
  await using dir = await project()
  await init(dir)
  const answers = JSON.parse(readFileSync(dir.join('deploy/site.json'), 'utf8'))
  const changed = { ...answers, supervisor: 'supervisord', logs: 'files', memory: 'off' }
  await dir.write('deploy/site.json', JSON.stringify(changed, null, 2))
  assert.match((await init(dir, [])).stdout, /removed +deploy\/etc\/systemd\/system\/guestbook\.service/)
  assert.equal(existsSync(dir.join('deploy/etc/systemd')), false)
})

test('--diff tells what would be removed and what left, and removes nothing; with nothing new it says so', async () => {
  await using dir = await project()
  await init(dir)
  assert.equal((await init(dir, ['--diff'])).stdout, 'Nothing would change.\n')
  await dir.write(site, `${readFileSync(dir.join(site), 'utf8')}# by hand\n`)
  const before = snapshot(dir.path)
  const { code, stdout } = await init(dir, ['--proxy', 'caddy', '--diff'])
  assert.equal(code, 0)
  assert.match(
    stdout,
    /^deploy\/etc\/nginx\/sites-available\/guestbook\.conf \(of earlier answers; left, as you edited it\)$/m,
  )
  assert.match(stdout, /^deploy\/etc\/nginx\/tsicorn\/guestbook\/headers\.conf \(of earlier answers; removed\)\n-/m)
  assert.deepEqual(snapshot(dir.path), before)
})

test('an init that is refused removes nothing', async () => {
  await using dir = await project()
  await init(dir)
  const unit = 'deploy/etc/tmpfiles.d/guestbook.conf'
  await dir.write(unit, `${readFileSync(dir.join(unit), 'utf8')}# by hand\n`)
  const before = snapshot(dir.path)
  assert.equal((await init(dir, ['--proxy', 'haproxy'])).code, 2)
  assert.deepEqual(snapshot(dir.path), before)
})

test('nothing is looked for behind a link', async () => {
  await using dir = await project()
  await init(dir)
  mkdirSync(dir.join('elsewhere'))
  renameSync(dir.join('deploy/etc/nginx'), dir.join('elsewhere/nginx'))
  rmSync(dir.join('deploy/etc/nginx'), { recursive: true, force: true })
  symlinkSync(dir.join('elsewhere/nginx'), dir.join('deploy/etc/nginx'))
  const before = snapshot(dir.join('elsewhere'))
  const { code, stdout } = await init(dir, ['--proxy', 'haproxy'])
  assert.equal(code, 0)
  assert.doesNotMatch(stdout, /etc\/nginx/)
  assert.deepEqual(snapshot(dir.join('elsewhere')), before)
})
