import assert from 'node:assert/strict'
import { until } from '../helpers/until.ts'
import { startLoadIn } from './load.ts'
import { onEveryRelease } from './on-every-release.ts'
import { domain, masterPid, visit, workerPids } from './site.ts'
import type { System } from './system.ts'

onEveryRelease(
  'systemctl reload',
  { app: 'obedient' },
  {
    'it replaces every worker and loses no request': async (system) => {
      await using load = startLoadIn(system, {
        target: { port: 443 },
        tls: { servername: domain },
        headers: { host: domain },
      })
      await load.progress(50)
      const [master, before] = [await masterPid(system), await workerPids(system)]
      await system.run('systemctl reload site.service')
      assert.equal(await masterPid(system), master)
      await replaced(system, before)
      await load.progress(50)
      const { lost, statuses, sent } = await load.stop()
      assert.deepEqual({ lost, statuses }, { lost: [], statuses: { 200: sent } })
    },
    'a release that does not load fails the command, and the old one serves on': async (system) => {
      const before = await workerPids(system)
      await system.run(
        'cp /srv/guestbook/obedient.mjs /root/good; echo "throw new Error(\'a bad release\')" > /srv/guestbook/obedient.mjs',
      )
      const reload = await system.attempt('systemctl reload site.service')
      assert.notEqual(reload.code, 0)
      assert.equal((await visit(system, '/')).status, 200)
      assert.deepEqual(
        (await workerPids(system)).filter((pid) => before.includes(pid)),
        before,
      )
      assert.match(await journal(system), /a bad release/)
      assert.equal(await system.run('systemctl is-active site.service'), 'active')
    },
    'a mended release is taken by the next reload': async (system) => {
      const before = await workerPids(system)
      await system.run('cp /root/good /srv/guestbook/obedient.mjs; systemctl reload site.service')
      await replaced(system, before)
    },
    'a new worker starts behind those who serve, and then counts as much as they do': async (system) => {
      const before = await workerPids(system)
      const line =
        "console.log('policy', (await import('node:fs')).readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1).split(' ')[38])"
      await system.run(`cat >> /srv/guestbook/obedient.mjs <<'END'\n${line}\nEND\nsystemctl reload site.service`)
      await replaced(system, before)
      // Where the machine is a container, its root may not be allowed to raise limits.
      const rights = BigInt(`0x${await system.run("awk '/^CapBnd/ { print $2 }' /proc/1/status")}`)
      const mayRaise = (rights & (1n << 24n)) !== 0n
      assert.match(await journal(system), mayRaise ? /policy 5/ : /policy 0/)
      const pids = await workerPids(system)
      assert.match(await system.run(`ps -L -o cls= -p ${pids.join(',')} | sort -u`), /^\s*TS$/)
    },
    'USR2 and TERM hand the service over to a new master: no request is lost, and systemd follows': async (system) => {
      await using load = startLoadIn(system, {
        target: { port: 443 },
        tls: { servername: domain },
        headers: { host: domain },
      })
      await load.progress(50)
      const old = await masterPid(system)
      await system.run(`kill -USR2 ${old}`)
      const told = async () => /new master \(pid (\d+)\) serves beside us/.exec(await journal(system))?.[1]
      const heir = Number(await until(told, { what: 'a new master', within: 60_000 }))
      await system.run(`kill -TERM ${old}`)
      await until(async () => (await masterPid(system)) === heir, { what: 'systemd to follow', within: 60_000 })
      await until(async () => (await system.attempt(`kill -0 ${old}`)).code !== 0, { what: 'the old one to be gone' })
      await load.progress(50)
      const { lost, statuses, sent } = await load.stop()
      assert.deepEqual({ lost, statuses }, { lost: [], statuses: { 200: sent } })
      assert.equal(await system.run('systemctl is-active site.service'), 'active')
      assert.equal(Number(await system.run('systemctl show --property=NRestarts --value site.service')), 0)
      await system.run('systemctl reload site.service')
      assert.equal(await masterPid(system), heir)
    },
  },
)

function journal(system: System): Promise<string> {
  return system.run('journalctl --no-pager --unit=site.service')
}

/** Waits until the workers are others: those that leave still listen for some seconds on what nginx has kept. */
function replaced(system: System, before: readonly number[]): Promise<unknown> {
  const areOthers = async () => {
    const now = await workerPids(system)
    return now.length === before.length && now.every((pid) => !before.includes(pid))
  }
  return until(areOthers, { what: 'the workers to be others', within: 30_000 })
}
