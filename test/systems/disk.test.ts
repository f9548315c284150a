import assert from 'node:assert/strict'
import { until } from '../helpers/until.ts'
import { onEveryRelease } from './on-every-release.ts'
import { visit } from './site.ts'
import type { System } from './system.ts'

/** With a body: nginx gives such a request to no second worker (proxy_next_upstream). */
const onlyOnce = ['--data', 'anything']

onEveryRelease(
  'a full disk for the logs',
  { app: 'obedient', flags: ['--logs', 'files'] },
  {
    'costs lines and no request: the server, which lost some, says so once when there is room': async (system) => {
      const log = `/var/log/site/${await system.run('ls /var/log/site')}`
      await smallDisk(system, '/var/log/site', 'site:site')
      await system.run('systemctl restart site.service; cat /dev/zero > /var/log/site/ballast || true')
      // The page that the end of the log is in has room even on a full disk.
      await system.run(`yes '' >> ${log} || true`)
      // Worth a line: a worker has ended.
      await visit(system, '/exit/3', onlyOnce)
      await served(system)
      assert.doesNotMatch(await system.run(`cat ${log}`), /lost/)
      await system.run('rm /var/log/site/ballast')
      await visit(system, '/exit/3', onlyOnce)
      await served(system)
      const told = async () =>
        (await system.run(`cat ${log}`)).split('\n').filter((line) => /lines? were lost/.test(line))
      const warnings = await until(async () => (await told()).length > 0 && told(), {
        what: 'what was lost to be told',
      })
      assert.equal(warnings.length, 1)
      assert.match(warnings[0] ?? '', /no space left/i)
    },
    'costs nginx its lines and no visitor a page': async (system) => {
      await smallDisk(system, '/var/log/nginx', 'www-data:adm')
      await system.run('systemctl restart nginx.service; cat /dev/zero > /var/log/nginx/ballast || true')
      for (let times = 0; times < 20; times += 1) assert.equal((await visit(system, '/')).status, 200)
      await system.run('rm /var/log/nginx/ballast')
      const isWritten = async () => {
        assert.equal((await visit(system, '/')).status, 200)
        return /GET \/ HTTP/.test(await system.run('cat /var/log/nginx/site.access.log'))
      }
      await until(isWritten, { what: 'lines to be written again' })
    },
  },
)

async function smallDisk(system: System, folder: string, owner: string): Promise<void> {
  await system.run(`mount -t tmpfs -o size=256k,mode=0750 tmpfs ${folder}; chown ${owner} ${folder}`)
}

async function served(system: System): Promise<void> {
  await until(async () => (await visit(system, '/')).status === 200, { what: 'the site to answer', within: 30_000 })
}
