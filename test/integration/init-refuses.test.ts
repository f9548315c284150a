import assert from 'node:assert/strict'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import test from 'node:test'
import { spawnCli } from '../helpers/spawn-cli.ts'
import type { TempDir } from '../helpers/temp-dir.ts'
import { project, snapshot } from './init-project.ts'

/** What is typed, what the complaint has to say, and the field it has to name. */
const cases: readonly (readonly [flags: readonly string[], complaint: RegExp])[] = [
  [['--domain', 'a.test;return 301 https://evil.test$request_uri'], /--domain: .*";" is not allowed/],
  [['--domain', 'a; } include /etc/nginx/mime.types; server { server_name b'], /--domain: .*";" is not allowed/],
  [['--domain', 'a; error_log /etc/cron.d/x'], /--domain: .*";" is not allowed/],
  [['--domain', '~^(?<x>.+)$'], /--domain: .*regular expressions and variables/],
  [['--domain', '$hostname'], /--domain: .*regular expressions and variables/],
  [['--domain', '*'], /--domain: .*wildcard/],
  [['--domain', 'a.test\nb.test'], /--domain: .*"a\.test\\nb\.test"; control character U\+000A at position 7/],
  [['--domain', '\u001b[2J'], /--domain: .*"\\x1b\[2J"; control character U\+001B/],
  [['--domain', 'bücher.example'], /--domain: .*xn--bcher-kva\.example/],
  [['--domain', `${'a'.repeat(64)}.test`], /--domain: .*64 characters/],
  [['--domain', '-a.test'], /--domain: .*hyphen/],
  [['--domain', 'a..b'], /--domain: .*two dots/],
  [['--domain', ''], /--domain: .*empty/],
  [['--domain', 'a.test', '--domain', 'a.test'], /--domain: .*twice/],
  [['--static', '/s/=/srv/app; autoindex on'], /--static: .*";" is not allowed/],
  [['--static', '/s/=/srv/$http_x'], /--static: .*"\$" is not allowed/],
  [['--static', '/s/=/etc'], /--static: .*not for the world/],
  [['--static', '/s/=..'], /--static: .*\.\. in it/],
  [['--static', '/s/=~'], /--static: .*shells/],
  [['--static', '/s/=.'], /--static: .*which holds all of it/],
  [['--runtime-directory', '/run/app.sock; server 10.0.0.1:80'], /--runtime-directory: .*";" is not allowed/],
  [['--runtime-directory', `/${'a'.repeat(120)}`], /--runtime-directory: .*121 bytes, 94 are allowed/],
  [['--runtime-directory', 'run'], /--runtime-directory: .*begin with \//],
  [['--runtime-directory', '/tmp'], /--runtime-directory: .*every user/],
  [['--name', 'x\n[Service]\nExecStartPre=/bin/touch /x\nUser=root'], /--name: .*control character U\+000A/],
  [['--name', 'nginx'], /--name: .*the system uses that name/],
  [['--app', 'a.js ; /bin/touch /x'], /app: expected the entry file .*"a\.js ; \/bin\/touch \/x"/],
  [['--app', './missing.js'], /app: expected the entry file .*"\.\/missing\.js"; no such file/],
  [['--user', 'root'], /--user: .*superuser/],
  [['--user', '0'], /--user: .*not the number/],
  [['--user', 'no such user!'], /--user: .*not a legal user name/],
  [['--user', 'nobody'], /--user: .*shared by unrelated/],
  [['--log-directory', '/var/log/x { } /etc/passwd'], /--log-directory: .*"\{" is not allowed/],
  [['--log-directory', '/var/log/x\n  postrotate\n touch /x'], /--log-directory: .*control character/],
  [['--workers', '0'], /--workers: expected a whole number from 1 to 512, got "0"/],
  [['--workers', '-1'], /--workers: .*got "-1"/],
  [['--workers', '1e9'], /--workers: .*got "1e9"/],
  [['--workers', 'NaN'], /--workers: .*got "NaN"/],
  [['--workers', '0x10'], /--workers: .*got "0x10"/],
  [['--workers', ''], /--workers: .*got ""/],
  [['--workers', '3.5'], /--workers: .*got "3\.5"/],
  [['--tls', 'maybe'], /--tls: expected one of letsencrypt, files, self-signed, off/],
  [['--tls', 'files'], /tls: expected certificate and certificateKey with tls files/],
  [['--tls', 'letsencrypt', '--domain', '*.example.com'], /wildcard/],
  [['--email', 'a@b.test; touch /x'], /--email: .*not of that shape/],
  [['--max-body', '-1'], /--max-body: /],
  [['--wokers', '3'], /unknown option '--wokers'; did you mean --workers\?/],
]

async function refuses(dir: TempDir, args: readonly string[], complaint: RegExp): Promise<void> {
  const before = snapshot(dir.path)
  const { code, stdout, stderr } = await spawnCli(['init', ...args], { cwd: dir.path })
  assert.equal(code, 2, stderr)
  assert.match(stderr, complaint)
  assert.equal(stdout, '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  assert.doesNotMatch(stderr, /[\x00-\x09\x0b-\x1f\x7f]/, 'nothing a terminal would obey')
  assert.doesNotMatch(stderr, /\n\s+at .*:\d+/, 'no stack trace')
  assert.deepEqual(snapshot(dir.path), before, 'nothing is written')
}

for (const [flags, complaint] of cases) {
  test(`init refuses ${JSON.stringify(flags.join(' ').slice(0, 70))} in words, and writes nothing`, async () => {
    await using dir = await project()
    await refuses(dir, ['--yes', ...flags], complaint)
  })
}

test('all complaints come at once', async () => {
  await using dir = await project()
  await refuses(
    dir,
    ['--yes', '--name', 'X', '--workers', '0', '--user', 'root'],
    /3 answers.*--name.*--workers.*--user/s,
  )
})

const files: readonly (readonly [title: string, content: string, complaint: RegExp])[] = [
  ['an unknown name', '{ "wokers": 3 }', /answers\.json: wokers: .*did you mean workers\?/],
  ['a wrong type', '{ "workers": "many" }', /answers\.json: workers: expected a whole number .*got "many"/],
  ['a name with a meaning of its own', '{ "__proto__": { "name": "x" } }', /answers\.json: __proto__: /],
  ['one name twice', '{ "name": "a", "name": "b" }', /answers\.json:1:\d+: "name" stands here a second time/],
  ['a syntax error', '{\n "name": \n}', /answers\.json:3:1: /],
  ['a list', '[]', /answers\.json: expected an object/],
  ['nothing', '', /answers\.json:1:1: /],
  ['text that is not UTF-8', '\ufffe', /answers\.json/],
]
for (const [title, content, complaint] of files) {
  test(`an answers file with ${title} is refused by name and place`, async () => {
    await using dir = await project()
    await dir.write('answers.json', content)
    await refuses(dir, ['--answers', 'answers.json'], complaint)
  })
}

test('an answers file that is not there, a folder, or without end is named', async () => {
  await using dir = await project()
  mkdirSync(dir.join('folder'))
  symlinkSync('/dev/zero', dir.join('endless'))
  await refuses(dir, ['--answers', 'nowhere.json'], /nowhere\.json/)
  await refuses(dir, ['--answers', 'folder'], /folder.*got a directory/)
  const { code, stderr } = await spawnCli(['init', '--answers', 'endless'], { cwd: dir.path })
  assert.equal(code, 2)
  assert.match(stderr, /endless.*got a device/)
})

test('a site.json somebody has broken is refused, not replaced', async () => {
  await using dir = await project()
  await dir.write('deploy/site.json', '{ "name": "x", "colour": "red" }')
  await refuses(dir, ['--yes', '--force'], /deploy\/site\.json: colour: /)
})

test('answers of package.json are checked like all others', async () => {
  await using dir = await project()
  await dir.write('package.json', '{ "tsicorn": { "workers": 0 } }')
  await refuses(dir, ['--yes'], /"tsicorn" in .*package\.json: workers: /)
})

test('without a terminal, init says which flags ask nothing', async () => {
  await using dir = await project()
  await refuses(dir, [], /no terminal.*--yes.*--answers FILE/s)
})

test('a folder that does not exist is not made', async () => {
  await using dir = await project()
  await refuses(dir, ['nowhere', '--yes'], /nowhere/)
  assert.equal(existsSync(dir.join('nowhere')), false)
})
