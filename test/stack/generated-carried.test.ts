import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, statSync } from 'node:fs'
import test from 'node:test'
import { renderCheckWrapper } from '../../src/bundle/render.ts'
import { completeAnswers, type SiteAnswers } from '../../src/settings/site-table.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { needs, program } from './needs.ts'
import { existingAccount, placeSite } from './place-site.ts'

const skip = needs('nginx', 'openssl', 'systemd-analyze', 'logrotate')

/** Names that look like mistakes in some format, and are none: each is carried into every file. */
const names: Readonly<Record<string, string>> = {
  'a space': 'my shop',
  'two spaces together': 'my  shop',
  'a percent sign, which is a specifier of systemd': '100%n %%done %',

  'letters of other scripts': 'магазин é 日本',
  'a letter of four bytes': 'shop 😀',
  'brackets of sums': 'shop (new)',
  'an ampersand and an equals sign': 'a&b=c',
  'commas and colons': 'a,b:c',
  'an exclamation mark and a tilde inside': 'shop! ~x',
  'a plus, an at and a hyphen first': '-+@shop',
  'the word of a directive': 'server include',
  'a name of 200 bytes': 'a'.repeat(200),
}

function answersWith(name: string): SiteAnswers {
  const below = (place: string) => `${place}/${name}`
  return completeAnswers({
    ...existingAccount(),
    ...{ name: 'odd', tls: 'files', logs: 'files', workingDirectory: below('/srv'), app: './app.js' },
    ...{
      certificate: below('/ssl'),
      certificateKey: `${below('/ssl')}.key`,
      node: below('/opt'),
      tsicorn: below('/opt2'),
    },
    ...{ stateDirectory: below('/data'), logDirectory: below('/logs'), nginxLogDirectory: below('/nginx-logs') },
    ...{ configDirectory: below('/etc'), nginxDirectory: below('/front'), acmeDirectory: below('/acme') },
    static: [{ prefix: '/s/', directory: below('/public') }],
    credentials: ['key'],
    // The kernel gives a socket's path 107 bytes.
    ...(name.length < 30 && { runtimeDirectory: below('/run') }),
  })
}

for (const [title, name] of Object.entries(names)) {
  test(`${title} in every path is read by nginx, systemd and logrotate as it was given`, { skip }, async () => {
    await using dir = await tempDir()
    const { answers, fileOf } = await placeSite(dir.path, answersWith(name))
    const run = (file: string, args: readonly string[]) => runProgram(program(file), args, { env: cleanEnvironment() })
    mkdirSync(dir.join('scratch'))
    const site = fileOf('etc/nginx/sites-available/odd.conf')
    const wrapper = renderCheckWrapper({ site, scratch: dir.join('scratch'), user: null, foreground: true })
    const file = await dir.write('nginx.conf', wrapper)
    const dump = await run('nginx', ['-T', '-q', '-p', dir.path, '-e', dir.join('scratch/first.log'), '-c', file])
    assert.deepEqual({ code: dump.code, stderr: dump.stderr }, { code: 0, stderr: '' })
    // nginx opens the logs of a site already when it tests it: that they are there shows how it reads the path.
    assert.ok(statSync(`${answers.nginxLogDirectory}/odd.access.log`).isFile())
    const unit = `${fileOf('etc/systemd/system/odd')}.service`
    const verified = await run('systemd-analyze', ['verify', '--man=no', unit, unit.replace('service', 'socket')])
    assert.deepEqual({ code: verified.code, stderr: verified.stderr }, { code: 0, stderr: '' })
    // As the user of the service, who has to get to the logs.
    chmodSync(dir.path, 0o755)
    const rotated = await run('logrotate', ['-d', '-f', '-s', dir.join('state'), fileOf('etc/logrotate.d/odd')])
    assert.doesNotMatch(rotated.stderr, /error:/)
    for (const pattern of [`${answers.logDirectory}/*.log`, `${answers.nginxLogDirectory}/odd.*.log`])
      assert.ok(rotated.stderr.includes(`rotating pattern: "${pattern}"`), rotated.stderr)
  })
}
