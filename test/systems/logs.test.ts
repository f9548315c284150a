import assert from 'node:assert/strict'
import { startLoadIn } from './load.ts'
import { onEveryRelease } from './on-every-release.ts'
import { domain, visit, workerPids } from './site.ts'
import type { System } from './system.ts'

const browser = { target: { port: 443 }, tls: { servername: domain }, headers: { host: domain } } as const

onEveryRelease(
  'the journal',
  { app: 'obedient' },
  {
    'a line has the priority of what it tells': async (system) => {
      await visit(system, '/exit/3')
      const lines = (await system.run('journalctl --output=json --unit=site.service')).split('\n')
      const records = lines.map(
        (line) => JSON.parse(line) as { PRIORITY?: string; MESSAGE?: string; SYSLOG_IDENTIFIER?: string },
      )
      const ours = records.filter((record) => record.SYSLOG_IDENTIFIER === 'site')
      const of = (pattern: RegExp) => ours.find(({ MESSAGE }) => pattern.test(String(MESSAGE)))
      assert.equal(of(/2 workers/)?.PRIORITY, '6')
      assert.ok(Number(of(/exit(ed)?.*3|status 3/)?.PRIORITY) <= 4)
    },
    'pages that nginx cannot get are told by nginx, with the worker’s socket': async (system) => {
      await system.run('systemctl stop site.socket site.service')
      assert.equal((await visit(system, '/')).status, 502)
      assert.match(await system.run('cat /var/log/nginx/site.error.log'), /\/run\/site\/\d\.sock/)
      await system.run('systemctl start site.socket site.service')
    },
  },
)

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
      await system.run('logrotate --force /etc/logrotate.d/site; logrotate --force /etc/logrotate.d/nginx')
      await load.progress(100)
      const { sent, lost } = await load.stop()
      assert.deepEqual(lost, [])
      assert.notEqual(await system.run(`stat --format=%i ${file}`), inode)
      assert.notEqual(await system.run(`stat --format=%i ${errors}`), errorInode)
      const rotated = Number(await system.run(`cat $(ls /var/log/nginx/site.access.log*) | wc -l`))
      assert.equal(rotated - before, sent)
      await visit(system, '/exit/3')
      assert.match(await system.run(`cat ${errors}`), /status 3|exit/)
      await noneDeleted(system)
    },
  },
)

/** No process of the site holds a file that is gone: what it wrote there would be lost. */
async function noneDeleted(system: System): Promise<void> {
  for (const pid of await workerPids(system)) {
    const open = await system.run(`ls -l /proc/${pid}/fd | grep -c 'log.*(deleted)' || true`)
    assert.equal(open, '0')
  }
}
