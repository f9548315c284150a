import assert from 'node:assert/strict'
import { stripVTControlCharacters } from 'node:util'
import { openTerminal, type Terminal } from '../helpers/open-terminal.ts'
import { settled, until } from '../helpers/until.ts'
import { vagrantMachine } from './needs.ts'
import { onReleases } from './on-every-release.ts'
import { bePatient, domain, freshMachine, masterPid, visit } from './site.ts'
import type { System } from './system.ts'

const init = `tsicorn init --yes --name site --domain ${domain} --tls self-signed --health-path /healthz --default-server`

/** What the two deployments differ in. */
const installed = 'cat /etc/systemd/system/site.socket /etc/site/tsicorn.config.json'

let before: readonly string[] = []

onReleases('a newcomer at a terminal', freshMachine, {
  'has the nginx and the Node.js that are promised to do, and nothing to fetch from': async (
    system,
    { nginx, node },
  ) => {
    assert.match(await system.run('nginx -v 2>&1'), new RegExp(`^nginx version: nginx/${nginx.replace('.', '\\.')}\\.`))
    assert.match(await system.run('node --version'), new RegExp(`^v${node}\\.`))
    assert.equal(await system.run('readlink --canonicalize /proc/1/exe'), '/usr/lib/systemd/systemd')
    // A machine of Vagrant's is linked to the host it runs on, and to nothing beyond.
    const routes = vagrantMachine === undefined ? 'ip -oneline route' : 'ip -oneline route show default'
    assert.equal(await system.run(`${routes}; ip -oneline -6 route show default`), '')
  },
  'answers the questions of init, deploys, and has a site': async (system) => {
    await system.run('rm /etc/nginx/sites-enabled/default')
    await bePatient(system)
    await using terminal = openTerminal('cd /srv/guestbook && TERM=xterm tsicorn init', {}, system.entry())
    await answer(terminal, /Name of the site \(guestbook\)/, 'site')
    await answer(terminal, /Domain [\s\S]*\(localhost\)/, domain)
    await answer(terminal, /Application, PATH/, '')
    await until(() => /Certificate[\s\S]*navigate/.test(terminal.shown()), {
      what: 'the question about the certificate',
    })
    await choose(terminal, 'self-signed')
    await answer(terminal, /in front of this host[\s\S]*navigate/, '')
    await answer(terminal, /Worker processes/, '')
    await answer(terminal, /Files that nginx serves/, '')
    await answer(terminal, /Write these files[\s\S]*navigate/, '')
    assert.equal((await settled(terminal.ended, { within: 60_000 })).code, 0, terminal.shown())
    await system.run('cd /srv/guestbook && tsicorn deploy', { within: 120_000 })
    assert.equal((await visit(system, '/')).status, 200)
  },
})

onReleases('a newcomer', freshMachine, {
  'init writes the bundle, and deploy shows what it would do and does nothing': async (system) => {
    await system.run(`cd /srv/guestbook && ${init}`)
    await bePatient(system)
    // What programs have written by themselves since the first boot.
    before = await settledChanges(system)
    const plan = await system.run('cd /srv/guestbook && tsicorn deploy --dry-run --disable-default-site')
    assert.match(plan, /site\.service/)
    assert.deepEqual(difference(await settledChanges(system), before), [])
  },
  'deploy puts the site in place, and it answers': async (system) => {
    await system.run('cd /srv/guestbook && tsicorn deploy --disable-default-site', { within: 120_000 })
    const { status, body } = await visit(system, '/')
    assert.equal(status, 200)
    assert.match(body, /guestbook/i)
    assert.equal(await system.run('systemctl is-enabled site.service site.socket'), 'enabled\nenabled')
  },
  'deploying once more changes nothing and restarts nothing': async (system) => {
    const [master, changes] = [await masterPid(system), await settledChanges(system)]
    const nginx = await system.run('systemctl show --property=MainPID --property=ExecReload nginx.service')
    await system.run('cd /srv/guestbook && tsicorn deploy', { within: 120_000 })
    assert.equal(await masterPid(system), master)
    assert.equal(await system.run('systemctl show --property=MainPID --property=ExecReload nginx.service'), nginx)
    assert.deepEqual(difference(await settledChanges(system), changes), [])
  },
  'a release that does not load is refused before anything changes': async (system) => {
    await system.run(`cd /srv/guestbook && cp app.js /root/app.js && ${init} --force --workers 3`)
    await system.run(`cd /srv/guestbook && echo 'throw new Error("bad")' > app.js`)
    const files = await system.run(installed)
    const refused = await system.attempt('cd /srv/guestbook && tsicorn deploy', { within: 120_000 })
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /app\.js cannot be loaded: Error: bad/)
    assert.equal(await system.run(installed), files)
  },
  'a deployment that fails puts back what was': async (system) => {
    // Only the service itself has an INVOCATION_ID (systemd.exec(5)).
    const fault = 'if (process.env.INVOCATION_ID) throw new Error("bad")'
    await system.run(`cd /srv/guestbook && { cat /root/app.js; echo '${fault}'; } > app.js`)
    const files = await system.run(installed)
    const failed = await system.attempt('cd /srv/guestbook && tsicorn deploy', { within: 120_000 })
    assert.equal(failed.code, 1, failed.stdout + failed.stderr)
    assert.equal(await system.run(installed), files)
    await system.run('cp /root/app.js /srv/guestbook/app.js; systemctl reset-failed; systemctl start site.service')
    assert.equal((await visit(system, '/')).status, 200)
  },
  'a changed answer is deployed, and rolled back': async (system) => {
    await system.run('cd /srv/guestbook && tsicorn deploy', { within: 120_000 })
    assert.match(await system.run('ls /run/site'), /3\.sock/)
    assert.equal((await visit(system, '/')).status, 200)
    await system.run('cd /srv/guestbook && tsicorn deploy --rollback', { within: 120_000 })
    assert.doesNotMatch(await system.run('systemctl show --property=Listen site.socket'), /3\.sock/)
    assert.equal((await visit(system, '/')).status, 200)
  },
  'uninstalling leaves what the application kept, and nothing else': async (system) => {
    await system.run('cp -a /var/lib/site /root/kept')
    await system.run('cd /srv/guestbook && tsicorn deploy --uninstall', { within: 120_000 })
    assert.equal((await system.attempt('systemctl cat site.service')).code, 1)
    assert.equal((await system.attempt('diff -r /root/kept /var/lib/site')).code, 0)
    const left = difference(await settledChanges(system), before)
    assert.deepEqual(
      left.filter((path) => !/^\/(var\/lib\/site|srv\/guestbook)(\/|$)/.test(path)),
      accounts,
    )
  },
  'installed and uninstalled without a word in the guestbook, the host is as it was': async (system) => {
    await system.run('userdel site; rm -r /var/lib/site')
    await system.run('cd /srv/guestbook && tsicorn deploy --disable-default-site', { within: 120_000 })
    await system.run('systemctl stop site.socket site.service; rm -r /var/lib/site/*')
    await system.run('cd /srv/guestbook && tsicorn deploy --uninstall', { within: 120_000 })
    const left = difference(await settledChanges(system), before)
    assert.deepEqual(
      left.filter((path) => !/^\/srv\/guestbook(\/|$)|^\/etc\/g?(shadow|passwd|group)-$/.test(path)),
      [],
    )
  },
})

const accounts = ['group', 'group-', 'gshadow', 'gshadow-', 'passwd', 'passwd-', 'shadow', 'shadow-'].map(
  (name) => `/etc/${name}`,
)

async function answer(terminal: Terminal, question: RegExp, words: string): Promise<void> {
  await until(() => question.test(stripVTControlCharacters(terminal.shown())), { what: `the question ${question}` })
  terminal.type(`${words}\r`)
}

/** Goes down a list until a choice is marked. */
async function choose(terminal: Terminal, choice: string): Promise<void> {
  const marked = () => terminal.shown().split('❯').at(-1)?.split('\n')[0] ?? ''
  for (let step = 0; step < 10 && !marked().includes(choice); step += 1) {
    const before = marked()
    terminal.type('\u001b[B')
    await until(() => marked() !== before, { what: `another choice than ${before} to be marked` })
  }
  terminal.type('\r')
}

/** What differs from the machine as it was made, but for what the system keeps for itself. */
async function settledChanges(system: System): Promise<readonly string[]> {
  const own = [
    /^\/var\/log\//,
    /^\/var\/lib\/systemd\//,
    /^\/var\/lib\/nginx/,
    /^\/var\/cache\//,
    /^\/(tmp|var\/tmp|run)\//,
    /^\/root\//,
  ]
  return (await system.changes()).filter((path) => !own.some((pattern) => pattern.test(path)))
}

function difference(now: readonly string[], then: readonly string[]): readonly string[] {
  return now.filter((path) => !then.includes(path))
}
