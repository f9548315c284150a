import assert from 'node:assert/strict'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { placesOf, socketPaths } from '../../src/bundle/places.ts'
import { renderBundle } from '../../src/bundle/render.ts'
import { goldenUnder } from '../golden/read-golden.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { childPids } from '../helpers/process-group.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { needs, program } from './needs.ts'
import { existingAccount } from './place-site.ts'
import { type SupervisedSite, socketGroup, superviseSite } from './supervised-site.ts'

const skip = needs('supervisord')

const targetOf = ({ answers }: SupervisedSite) => ({ socketPath: socketPaths(answers)[0] ?? '' })
const ready = async (site: SupervisedSite) =>
  until(async () => (await request(targetOf(site), '/')).status === 200, { within: 60_000, what: 'the site to serve' })

// supervisord looks at nothing and starts nothing but once a second; what it does with an exit it does within two.
const ended = (site: SupervisedSite) => until(async () => (await site.state()) === 'EXITED', { within: 60_000 })

test('supervisord starts a site, nginx may come to its sockets, HUP reloads it and TERM lets a request finish', {
  skip,
}, async () => {
  await using site = await superviseSite()
  await ready(site)
  assert.equal(await site.state(), 'RUNNING')
  const socket = statSync(targetOf(site).socketPath)
  assert.deepEqual([socket.gid, (socket.mode & 0o777).toString(8)], [socketGroup, '660'])
  const [master, before] = [await site.pid(), childPids(await site.pid())]
  await using load = startLoad({ target: targetOf(site), connections: 2 })
  await load.progress(20)
  assert.match((await site.control('signal', 'HUP', 'shop')).stdout, /signalled/)
  const isNew = (pid: number) => !before.includes(pid)
  await until(() => childPids(master).length === 2 && childPids(master).every(isNew), { within: 60_000 })
  await load.progress(20)
  const { lost, statuses } = await load.stop()
  assert.deepEqual({ lost, statuses: Object.keys(statuses) }, { lost: [], statuses: ['200'] })
  const waiting = request(targetOf(site), '/wait', { timeout: 60_000 })
  const stopping = site.control('stop', 'shop')
  await until(() => /stop/i.test(site.log()), { what: 'the log to tell of the stop' })
  writeFileSync(site.dir.join('open'), '')
  assert.equal((await waiting).status, 200)
  assert.match((await stopping).stdout, /shop: stopped/)
  assert.equal(await site.state(), 'STOPPED')
  assert.doesNotMatch(readFileSync(site.dir.join('supervisord.log'), 'utf8'), /SIGKILL/)
})

test('supervisord starts a killed master anew', { skip }, async () => {
  await using site = await superviseSite()
  await ready(site)
  const first = await site.pid()
  process.kill(first, 'SIGKILL')
  await until(async () => ![0, first].includes(await site.pid()), { within: 30_000 })
  await ready(site)
  assert.equal(site.starts(), 2)
})

const hopeless = {
  'a configuration that cannot be used': ({ answers }: SupervisedSite) =>
    writeFileSync(placesOf(answers).configFile, '{ "wrokers": 2 }'),
  'an application that does not load': ({ answers }: SupervisedSite) => {
    const { configFile } = placesOf(answers)
    writeFileSync(configFile, readFileSync(configFile, 'utf8').replace(/"app": .*,/, '"app": "./nowhere.js",'))
  },
}

for (const [what, spoil] of Object.entries(hopeless)) {
  test(`supervisord does not start ${what} again and again`, { skip }, async () => {
    await using site = await superviseSite((file) => file.replace('autostart=true', 'autostart=false'))
    spoil(site)
    await site.control('start', 'shop')
    await ended(site)
    const before = site.starts()
    // Two more looks at all programs, as the log of another one shows, would have started it.
    await site.control('start', 'shop')
    await ended(site)
    assert.deepEqual([before, site.starts()], [1, 2])
  })
}

test('a rotation of the log of a supervised server loses no line', {
  skip: needs('supervisord', 'logrotate'),
}, async () => {
  await using site = await superviseSite()
  await ready(site)
  const rules = join(site.dir.path, 'site/etc/logrotate.d/shop')
  chmodSync(rules, 0o644)
  const env = cleanEnvironment({ PATH: `${site.dir.join('bin')}:${process.env['PATH']}` })
  await until(() => site.log().includes('ready'), { within: 60_000 })
  const before = site.log()
  const { code, stderr } = await runProgram(program('logrotate'), ['-s', site.dir.join('rotated'), '-f', rules], {
    env,
  })
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  await site.control('signal', 'TTIN', 'shop')
  await until(() => site.log() !== '' && !site.log().includes(before), { what: 'a line in the new log' })
})

for (const { name, answers } of goldenUnder('supervisord')) {
  test(`supervisord reads the program of ${name} as it was meant`, { skip }, async () => {
    await using dir = await tempDir()
    // Only a user who exists may be named, and nothing is started: this asks what was read.
    const files = renderBundle({ ...answers, user: existingAccount().user })
    const program = files.find(({ path }) => path.includes('supervisor/conf.d'))
    const file = await dir.write('program.conf', (program?.content ?? '').replaceAll('/var/log/supervisor', dir.path))
    const script = `
import json, sys
from supervisor.options import ServerOptions
options = ServerOptions()
options.realize(['-c', sys.argv[1]])
[one] = [process for group in options.process_group_configs for process in group.process_configs]
print(json.dumps([one.command, one.directory, one.environment, one.exitcodes, one.startsecs, one.stopwaitsecs, str(one.autorestart)]))
`
    const { code, stdout, stderr } = await runProgram(
      '/usr/bin/python3',
      ['-c', script, await dir.write('all.conf', `[supervisord]\nnodaemon=true\n[include]\nfiles=${file}\n`)],
      { env: cleanEnvironment() },
    )
    assert.equal(code, 0, stderr)
    const [command, directory, environment, exits, startsecs, stop] = JSON.parse(stdout)
    const quoted = [answers.node, answers.tsicorn].map((path) => `"${path}"`).join(' ')
    assert.equal(command, `${quoted} serve --config "${placesOf(answers).configFile}"`)
    assert.equal(directory, answers.workingDirectory)
    assert.equal(environment.STATE_DIRECTORY, answers.stateDirectory)
    assert.deepEqual([exits, startsecs], [[0, 2, 4], 0])
    assert.ok(stop * 1000 > 30_000 + answers.drainDelay)
  })
}
