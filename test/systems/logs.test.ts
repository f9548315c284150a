import assert from 'node:assert/strict'
import { until } from '../helpers/until.ts'
import { startLoadIn } from './load.ts'
import { onEveryRelease } from './on-every-release.ts'
import { changeApp, domain, visit, workerPids } from './site.ts'
import type { System } from './system.ts'

const browser = { target: { port: 443 }, tls: { servername: domain }, headers: { host: domain } } as const

/** With a body: nginx gives such a request to no second worker (proxy_next_upstream). */
const onlyOnce = ['--data', 'anything']

onEveryRelease(
  'the journal',
  { app: 'obedient' },
  {
    'a line has the priority of what it tells': async (system) => {
      await visit(system, '/exit/3', onlyOnce)
      const unanswered = visit(system, '/reject', onlyOnce)
      await until(async () => (await recordOf(system, /rejected as told/)) !== undefined, { what: 'the error' })
      assert.equal((await recordOf(system, /2 workers/))?.PRIORITY, '6')
      assert.ok(Number((await recordOf(system, /exit(ed)?.*3|status 3/))?.PRIORITY) <= 4)
      const error = await recordOf(system, /rejected as told/)
      assert.equal(error?.PRIORITY, '3')
      assert.notEqual(error?._PID, await mainPid(system), 'the worker has written it')
      await system.run('systemctl kill --kill-whom=main --signal=QUIT site.service')
      await unanswered
    },
    'what the application prints is a line of its worker, with the priority of its stream': async (system) => {
      await changeApp(system, ['obedient', 'prints'], 's#"workers":#"captureOutput": true, "workers":#')
      await until(async () => (await visit(system, '/out/told-out')).status === 200, { what: 'the other application' })
      await visit(system, '/err/told-err')
      await until(async () => (await recordOf(system, /told-err/)) !== undefined, { what: 'what was printed' })
      const main = await mainPid(system)
      for (const [text, priority] of [
        ['told-out', '6'],
        ['told-err', '4'],
      ] as const) {
        const record = await recordOf(system, new RegExp(text))
        assert.match(String(record?.MESSAGE), new RegExp(`^worker \\d+: ${text}$`))
        assert.deepEqual([record?.PRIORITY, record?._PID], [priority, main])
      }
    },
    'pages that nginx cannot get are told by nginx, with the worker’s socket': async (system) => {
      await system.run('systemctl stop site.socket site.service')
      assert.equal((await visit(system, '/')).status, 502)
      assert.match(await system.run('cat /var/log/nginx/site.error.log'), /\/run\/site\/\d\.sock/)
      await system.run('systemctl start site.socket site.service')
    },
  },
)

type Entry = { readonly [field in 'PRIORITY' | 'MESSAGE' | 'SYSLOG_IDENTIFIER' | '_PID']?: string }

/** The first line of the site in the journal that has this text. */
async function recordOf(system: System, text: RegExp): Promise<Entry | undefined> {
  const lines = (await system.run('journalctl --output=json --unit=site.service')).trim().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as Entry)
  return entries.find(({ SYSLOG_IDENTIFIER, MESSAGE }) => SYSLOG_IDENTIFIER === 'site' && text.test(String(MESSAGE)))
}

async function mainPid(system: System): Promise<string> {
  return (await system.run('systemctl show --property=MainPID --value site.service')).trim()
}

onEveryRelease(
  'log files',
  { app: 'obedient', flags: ['--logs', 'files'] },
  {
    'logrotate under load loses no line and puts none in the wrong file': async (system) => {
      const files = (await system.run('ls /var/log/site/')).split('\n')
      assert.ok(files.length > 0)
      const file = `/var/log/nginx/site.access.log`
      const inode = await system.run(`stat --format=%i ${file}`)
      const before = Number(await system.run(`wc -l < ${file}`))
      const errors = `/var/log/site/${files.find((name) => name.endsWith('.log'))}`
      const errorInode = await system.run(`stat --format=%i ${errors}`)
      await using load = startLoadIn(system, browser)
      await load.progress(50)
      await dayLater(system, [file, errors])
      await system.run('systemctl start logrotate.service')
      await load.progress(50)
      const left = await system.run(`wc -l < ${file}.1`)
      await load.progress(50)
      const { sent, lost } = await load.stop()
      assert.deepEqual(lost, [])
      assert.equal(await system.run(`wc -l < ${file}.1`), left)
      assert.notEqual(await system.run(`stat --format=%i ${file}`), inode)
      assert.notEqual(await system.run(`stat --format=%i ${errors}`), errorInode)
      const rotated = Number(await system.run(`cat $(ls /var/log/nginx/site.access.log*) | wc -l`))
      assert.equal(rotated - before, sent)
      await visit(system, '/exit/3', onlyOnce)
      assert.match(await system.run(`cat ${errors}`), /status 3|exit/)
      await noneDeleted(system)
    },
  },
)

/** For logrotate, that a night has come: it looks at when each file was rotated last. */
async function dayLater(system: System, files: readonly string[]): Promise<void> {
  const lines = ['logrotate state -- version 2', ...files.map((file) => `"${file}" 2020-1-1-0:0:0`)]
  await system.write('/var/lib/logrotate/status', `${lines.join('\n')}\n`)
}

/** No process of the site holds a file that is gone: what it wrote there would be lost. */
async function noneDeleted(system: System): Promise<void> {
  for (const pid of await workerPids(system)) {
    const open = await system.run(`ls -l /proc/${pid}/fd | grep -c 'log.*(deleted)' || true`)
    assert.equal(open, '0')
  }
}
