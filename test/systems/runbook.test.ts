import assert from 'node:assert/strict'
import { until } from '../helpers/until.ts'
import { onReleases } from './on-every-release.ts'
import { follow, paste } from './paste.ts'
import { blocksOf, codesOf, section } from './runbook.ts'
import { bePatient, domain, freshMachine, masterPid, releases, visit, workerPids } from './site.ts'
import type { System } from './system.ts'

type Effect = (system: System, said: string) => Promise<unknown>

/** The commands of the table of every day, in the order in which they are run, and what each is to bring about. */
const everyDay: readonly (readonly [command: RegExp, effect: Effect])[] = [
  [/^systemctl status/, async (_, said) => assert.match(said, /Active: active \(running\)/)],
  [/ ctl status /, async (system, said) => void (await forWorkers(system, said))],
  [/^systemctl stop/, async (system) => assert.equal((await visit(system, '/')).status, 502)],
  [/^systemctl start/, async (system) => assert.equal((await visit(system, '/')).status, 200)],
  [/^systemctl reload \S+$/, async (system) => assert.equal((await visit(system, '/')).status, 200)],
  [/^journalctl -fu/, async () => undefined],
  [/^tail -F/, async () => undefined],
  [/^systemctl kill -s TTIN/, (system) => haveWorkers(system, 3)],
  [/^systemctl kill -s TTOU/, (system) => haveWorkers(system, 2)],
  [/^touch /, async (system) => assert.equal((await visit(system, '/')).status, 503)],
  [/^rm /, async (system) => assert.equal((await visit(system, '/')).status, 200)],
  [/ --print-config$/, async (_, said) => assert.match(said, /^workers += 2 /m)],
  [/^nginx -t && /, (system) => until(async () => /^x-own: line\r$/im.test((await visit(system, '/')).headers))],
  [/^systemctl edit/, async () => undefined],
  [/^systemctl restart/, async (system) => assert.match(await property(system, 'Environment'), /OWN=setting/)],
  [/^tsicorn init --yes --workers N/, async () => undefined],
  [/^tsicorn deploy$/, (system) => haveWorkers(system, 3)],
]

/** What the commands under a heading bring about, besides running. */
const afterwards: Readonly<Record<string, Effect>> = {
  'Deploy a release, and go back': async (system) => {
    assert.equal(await system.run('cat /root/npm'), 'ci --omit=dev in /srv/guestbook')
    assert.equal((await visit(system, '/')).status, 200)
  },
  502: async (_, said) => assert.match(said, /\/run\/site\/\d\.sock[\s\S]*site\.socket[\s\S]*site\.service/),
  'The disk is full': async (_, said) => assert.match(said, /\/var\/lib\/site$/m),
  'Out of memory': async (_, said) => assert.match(said, /^MemoryMax=\d+$/m),
  'An expired certificate': async (_, said) => assert.match(said, /^notAfter=/m),
  'After a reboot': async (_, said) => assert.match(said, /^enabled\nenabled\nenabled\n/),
  'It does not start': async (system) => assert.equal((await visit(system, '/')).status, 200),
}

let runbook = ''

onReleases(
  'the runbook',
  freshMachine,
  {
    'its commands for the installation make a site that answers': async (system) => {
      const init = `tsicorn init --yes --name site --domain ${domain} --tls self-signed --health-path /healthz`
      await system.run(`cd /srv/guestbook && ${init}`)
      await bePatient(system)
      runbook = await system.run('cat /srv/guestbook/deploy/RUNBOOK.md')
      const blocks = blocksOf(section(runbook, 'Put it in place'))
      assert.equal(blocks.length, 3)
      for (const block of blocks) await paste(system, `cd /srv/guestbook/deploy\n${block}`)
      const answers = async () => (await visit(system, '/')).status === 200
      await until(answers, { what: 'the site to answer' })
      assert.equal(await system.run('systemctl is-enabled site.service site.socket'), 'enabled\nenabled')
    },
    'every command of the table of every day does what it is for': async (system) => {
      const codes = codesOf(section(runbook, 'Every day').split('###')[0] ?? '')
      for (const code of codes.filter((one) => /^[a-z/][\w/.-]+ \S/.test(one) && !one.startsWith('/etc/')))
        assert.ok(
          everyDay.some(([command]) => command.test(code)),
          `nothing is known of ${code}`,
        )
      await prepare(system)
      for (const [command, effect] of everyDay) {
        const code = codes.find((one) => command.test(one))
        assert.ok(code !== undefined, `there is no command ${command}`)
        await effect(system, await obey(system, code))
      }
    },
    'every command for the days when something is wrong runs, and shows or mends what it is for': async (system) => {
      const headings = [...runbook.matchAll(/^### (.*)$/gm)].map(([, heading = '']) => heading)
      for (const heading of Object.keys(afterwards)) assert.ok(headings.includes(heading), heading)
      for (const heading of headings) {
        if (heading === '502') await system.run('systemctl stop site.socket site.service')
        if (heading === '502') assert.equal((await visit(system, '/')).status, 502)
        if (heading === 'It does not start') await stumble(system)
        const said = []
        for (const block of blocksOf(section(runbook, heading))) said.push(await paste(system, block))
        await afterwards[heading]?.(system, said.join('\n'))
        if (heading === '502') await system.run('systemctl start site.socket site.service')
      }
    },
    'a worker that hangs can be ended by hand': async (system) => {
      const code = codesOf(runbook).find((one) => / ctl kill PID /.test(one))
      const [first] = await workerPids(system)
      await system.run(code?.replace('PID', String(first)) ?? 'false')
      const isReplaced = async () => {
        const pids = await workerPids(system)
        return pids.length === 3 && !pids.includes(first ?? 0)
      }
      await until(isReplaced, { what: 'another worker in its place' })
    },
  },
  releases.slice(0, 1),
)

/** A program for npm, which is not in the machine, and lines of the operator's own. */
async function prepare(system: System): Promise<void> {
  await system.write('/usr/local/bin/npm', '#!/bin/sh\necho "$* in $PWD" > /root/npm\n', '0755')
  await system.write('/etc/nginx/tsicorn/site/application.d/own.conf', 'add_header X-Own line always;\n')
  const editor = '#!/bin/sh\nsed -i "/^### Anything between here/a [Service]\\nEnvironment=OWN=setting" "$1"\n'
  await system.write('/root/editor', editor, '0755')
}

/** Runs one command of the table; one that follows a log until it has told, one that opens an editor gets a terminal. */
async function obey(system: System, code: string): Promise<string> {
  if (/ -fu /.test(code)) return follow(system, code, '2 workers')
  if (/ -F /.test(code)) return follow(system, code, 'GET / HTTP')
  if (code.startsWith('systemctl edit'))
    return system.run(`SYSTEMD_EDITOR=/root/editor script -qec '${code}' /dev/null`)
  const inside = /^tsicorn (init|deploy)/.test(code) ? 'cd /srv/guestbook && ' : ''
  // The site was put in place by hand.
  const line = code.replace('--workers N', '--workers 3').replace(/^tsicorn deploy$/, '$& --force')
  return system.run(inside + line, { within: 120_000 })
}

/** A service that has not started, and what kept it from starting has been mended since. */
async function stumble(system: System): Promise<void> {
  await system.run('cp /srv/guestbook/app.js /root/app.js; echo "throw new Error()" > /srv/guestbook/app.js')
  assert.notEqual((await system.attempt('systemctl restart site.service')).code, 0)
  await system.run('cp /root/app.js /srv/guestbook/app.js')
}

function haveWorkers(system: System, count: number): Promise<unknown> {
  return until(async () => (await workerPids(system)).length === count, { what: `${count} workers`, within: 30_000 })
}

async function forWorkers(system: System, said: string): Promise<void> {
  for (const pid of [await masterPid(system), ...(await workerPids(system))])
    assert.match(said, new RegExp(`\\b${pid}\\b`))
}

function property(system: System, name: string): Promise<string> {
  return system.run(`systemctl show --property=${name} --value site.service`)
}
