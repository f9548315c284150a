import assert from 'node:assert/strict'
import test from 'node:test'
import { type ProxyName, proxies } from '../../src/settings/proxies.ts'
import type { SupervisorName } from '../../src/settings/supervisors.ts'
import { until } from '../helpers/until.ts'
import { installAuthority, publicName, servesIssued } from './authority.ts'
import { allFronts, vagrantMachine } from './needs.ts'
import { onReleases, type Questions } from './on-every-release.ts'
import { follow, paste } from './paste.ts'
import { blocksOf, codesOf, section } from './runbook.ts'
import { domain, machineWith, releases, visit } from './site.ts'
import type { System } from './system.ts'

type Front = { readonly proxy: ProxyName; readonly supervisor: SupervisorName; readonly name: string }

const fronts: readonly Front[] = [
  { proxy: 'caddy', supervisor: 'systemd', name: 'one' },
  { proxy: 'haproxy', supervisor: 'systemd', name: 'two' },
  { proxy: 'apache', supervisor: 'systemd', name: 'three' },
  { proxy: 'nginx', supervisor: 'supervisord', name: 'four' },
]

/** `npm run test:fronts`: the rest of them. */
const moreFronts: readonly Front[] = [
  { proxy: 'caddy', supervisor: 'supervisord', name: 'five' },
  { proxy: 'haproxy', supervisor: 'supervisord', name: 'six' },
  { proxy: 'apache', supervisor: 'supervisord', name: 'seven' },
]

const services = { nginx: 'nginx', haproxy: 'haproxy', caddy: 'caddy', apache: 'apache2' } as const

/** What a line about a request for the first page looks like where each keeps them. */
const requests = {
  nginx: 'GET / HTTP',
  haproxy: `GET https\\?://${domain}/ HTTP`,
  caddy: '.uri.:./.,',
  apache: 'GET / HTTP',
} as const

const chosen = allFronts ? [...fronts, ...moreFronts] : fronts

/** Commands that go on until somebody ends them. */
const follows = / -F | -fu | tail -f /

type Case = { readonly system: System; readonly front: Front; readonly said: string }

/** The commands of the table of every day, in the order in which they are run, and what each is to bring about. */
const everyDay: readonly (readonly [command: RegExp, effect: (one: Case) => Promise<unknown>])[] = [
  [/^(systemctl|supervisorctl) status/, async ({ said }) => assert.match(said, /Active: active \(running\)|RUNNING/)],
  [/ ctl status /, async (one) => assert.match(one.said, new RegExp(`\\b${await masterOf(one)}\\b`))],
  [
    /^(systemctl|supervisorctl) stop/,
    async ({ system }) => assert.match(`${(await visit(system, '/')).status}`, /50[23]/),
  ],
  [/^(systemctl|supervisorctl) start/, answers],
  [/^systemctl reload \S+$| ctl reload /, answers],
  [/^supervisorctl signal HUP/, answers],
  [/^supervisorctl signal TTIN/, (one) => haveWorkers(one, 3)],
  [/^supervisorctl signal TTOU/, (one) => haveWorkers(one, 2)],
  [follows, async () => undefined],
  [
    /^logrotate /,
    async (one) => assert.match(await one.system.run(`ls /var/log/${one.front.name}`), /^server\.log-\d+/m),
  ],
  [/&& (systemctl reload|service \S+ reload)/, answers],
  [/ --print-config$/, async ({ said }) => assert.match(said, /^workers += 2 /m)],
  [
    /^tsicorn init --yes --workers N/,
    async ({ system }) => install(system, await system.run('cat /srv/guestbook/deploy/RUNBOOK.md')),
  ],
  [/^(systemctl|supervisorctl) restart/, (one) => haveWorkers(one, 3)],
]

const title = 'the runbooks of other fronts and of supervisord'

if (vagrantMachine === undefined)
  onReleases(
    title,
    (release) => machineWith(release, ['caddy', 'haproxy', 'apache2', 'supervisor']),
    Object.assign({}, ...chosen.map(questionsOf)),
    releases.slice(1),
  )
else test(title, { skip: 'the machines of Vagrant have nginx and systemd alone' })

function questionsOf(front: Front): Questions {
  const { proxy, supervisor, name } = front
  const pair = `${proxies[proxy].title} and ${supervisor}`
  let runbook = ''
  return {
    [`${pair}: the commands for the installation make a site that answers`]: async (system) => {
      await begin(system, front)
      await init(system, `--name ${name} --proxy ${proxy} --supervisor ${supervisor} --tls self-signed`)
      runbook = await system.run('cat /srv/guestbook/deploy/RUNBOOK.md')
      await install(system, runbook)
      await answers({ system })
      assert.match(await system.run("ss -Hltnp 'sport = :443'"), new RegExp(`"${proxies[proxy].program}"`))
      const { address, protocol } = JSON.parse((await visit(system, '/whoami')).body)
      assert.deepEqual({ address, protocol }, { address: '127.0.0.1', protocol: 'https' })
      const plain = await visit(system, `http://${domain}/clock?x=1`)
      assert.match(plain.headers, new RegExp(`^location: https://${domain}/clock\\?x=1\r$`, 'im'))
    },
    [`${pair}: every command of the table of every day does what it is for`]: async (system) => {
      const codes = codesOf(section(runbook, 'Every day')).filter((code) => /^[a-z/][\w/.-]+ \S/.test(code))
      for (const [command, effect] of everyDay) {
        for (const code of codes.filter((one) => command.test(one)))
          await effect({ system, front, said: await obey(system, code, proxy) })
      }
      const unknown = codes.filter((code) => !everyDay.some(([command]) => command.test(code)))
      assert.deepEqual(unknown, [])
      await haveWorkers({ system, front }, 3)
      for (const _ of codes) assert.equal((await visit(system, '/')).status, 200)
      if (proxy === 'caddy') await finish(system, front)
    },
    ...(proxy !== 'caddy' && {
      [`${pair}: the commands for a certificate of an authority have it served, and each renewed one`]: (
        system: System,
      ) => askAuthority(system, front),
    }),
  }
}

/** The way to a certificate of an authority, its renewal, and a host that was set up anew with what certbot had got. */
async function askAuthority(system: System, front: Front): Promise<void> {
  const { name } = front
  await installAuthority(system)
  await init(system, '--tls letsencrypt', publicName)
  await install(system, await system.run('cat /srv/guestbook/deploy/RUNBOOK.md'))
  const first = await servesIssued(system, name)
  await system.run('certbot renew')
  const renewed = await servesIssued(system, name)
  assert.notEqual(renewed, first)
  await system.run(`rm /etc/${name}/tls/*`)
  await install(system, await system.run('cat /srv/guestbook/deploy/RUNBOOK.md'))
  assert.equal(await servesIssued(system, name), renewed)
  await finish(system, front)
}

/** Runs one command of the table; one that follows a log is read until it has told of what it is to tell of. */
async function obey(system: System, code: string, proxy: ProxyName): Promise<string> {
  if (/^tsicorn init /.test(code)) return init(system, '--workers 3')
  if (!follows.test(code)) return system.run(code, { within: 120_000 })
  const isOfSupervisor = code.startsWith('supervisorctl')
  const isOfProxy = /access\.log|haproxy/.test(code)
  const pattern = isOfProxy ? requests[proxy] : isOfSupervisor ? 'Ctrl-C' : 'ready'
  // Python keeps what it says to no terminal to itself until that is much.
  return follow(system, isOfSupervisor ? `script -qec '${code}' /dev/null` : code, pattern)
}

function init(system: System, flags: string, name = domain): Promise<string> {
  return system.run(`cd /srv/guestbook && tsicorn init --yes --domain ${name} --health-path /healthz ${flags}`)
}

/** Pastes the commands that put the site in place. */
async function install(system: System, runbook: string): Promise<void> {
  for (const block of blocksOf(section(runbook, 'Put it in place')))
    await paste(system, `cd /srv/guestbook/deploy\n${block}`)
}

/** A host whose administrator has just installed that proxy and that supervisor. */
async function begin(system: System, { proxy, supervisor }: Front): Promise<void> {
  const others = Object.values(services).filter((service) => service !== services[proxy])
  await system.run(`systemctl disable --now --quiet ${others.join(' ')} supervisor`)
  const wanted = supervisor === 'supervisord' ? [services[proxy], 'supervisor'] : [services[proxy]]
  await system.run(`systemctl enable --now --quiet ${wanted.join(' ')}; rm -rf /srv/guestbook/deploy /etc/letsencrypt`)
}

/** The next one has the same domain. */
async function finish(system: System, { name, supervisor }: Front): Promise<void> {
  if (supervisor === 'systemd') await system.run(`systemctl disable --now --quiet ${name}.socket ${name}.service`)
  else await system.run(`supervisorctl stop ${name}; rm /etc/supervisor/conf.d/${name}.conf`)
  await system.run(`cd /etc && rm -rf caddy/sites/${name}.* apache2/sites-*/${name}.conf nginx/sites-*/${name}.conf`)
}

function answers({ system }: Pick<Case, 'system'>): Promise<unknown> {
  return until(async () => (await visit(system, '/')).status === 200, { what: 'the site to answer', within: 60_000 })
}

async function masterOf({ system, front: { name, supervisor } }: Omit<Case, 'said'>): Promise<number> {
  const ask = {
    systemd: `systemctl show --property=MainPID --value ${name}.service`,
    supervisord: `supervisorctl pid ${name}`,
  }
  return Number(await system.run(supervisor === 'systemd' ? ask.systemd : ask.supervisord))
}

function haveWorkers(one: Omit<Case, 'said'>, count: number): Promise<unknown> {
  const workers = async () => one.system.run(`pgrep --count --parent ${await masterOf(one)}`)
  return until(async () => Number(await workers()) === count, { what: `${count} workers`, within: 60_000 })
}
