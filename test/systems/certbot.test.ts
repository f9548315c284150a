import assert from 'node:assert/strict'
import { noteFault } from '../stack/check/matrix.ts'
import { type LettersFault, lettersFaults } from './check/letters-faults.ts'
import { check } from './check/seed.ts'
import { vagrantMachine } from './needs.ts'
import { onReleases } from './on-every-release.ts'
import { blocksOf } from './runbook.ts'
import { machineWithSite, releases, visit } from './site.ts'
import type { System } from './system.ts'

const project = '/srv/letters'
const name = 'letters.example.org'

const deploy = (system: System) => system.attempt(`cd ${project} && tsicorn deploy`, { within: 240_000 })

async function resultOf(system: System, id: string) {
  const found = (await check(system, '--layer host', project)).checks.find((one) => one.id === id)
  assert.ok(found, id)
  return found
}

/** What is broken is seen, and the fix mends it. */
async function mend(system: System, { words, seenBy: id, before, make }: LettersFault): Promise<void> {
  if (before !== undefined) await system.run(before)
  assert.equal((await resultOf(system, id)).status, 'pass')
  await system.run(make)
  const { status, fix, found } = await resultOf(system, id)
  assert.equal(status, 'fail', found)
  assert.ok(fix)
  await system.run(fix)
  const after = await resultOf(system, id)
  assert.equal(after.status, 'pass', `${fix}: ${after.found}`)
  noteFault({ words, seenBy: id, fix, clean: true })
}

/** The runbooks whose words for certbot differ. */
const runbooks = [
  '',
  '--proxy haproxy',
  '--proxy apache',
  '--proxy haproxy --supervisor supervisord',
  '--supervisor docker',
]

/** What certbot says once it has understood everything, and finds no authority. */
const unreachable = /acme-v02|NameResolution|Max retries/

/** Debian 13, as its packages leave it, on a host that reaches nobody. */
const chosen = vagrantMachine === undefined ? releases.slice(-1) : []

onReleases(
  "a host with Debian's certbot, and a firewall, but no network",
  (release) => machineWithSite(release, { packages: ['certbot', 'ufw', 'nftables'] }),
  {
    'has a site that answers, though the authority cannot be asked, and hears what comes next': async (system) => {
      await system.write(`${project}/app.mjs`, "export default (_request, response) => response.end('letters')\n")
      const answers = `--name letters --domain ${name} --email you@${name} --app app.mjs`
      await system.run(`cd ${project} && tsicorn init --yes --tls letsencrypt ${answers}`)
      const { code, stdout, stderr } = await deploy(system)
      assert.equal(code, 1, stdout + stderr)
      assert.match(stdout, /letters is installed[\s\S]*certbot got no certificate:\n/)
      assert.match(
        stdout,
        /See that this host can reach the authority on the internet, by name, then run tsicorn deploy again\.\n/,
      )
      const places = [443, 80].flatMap((port) => ['--resolve', `${name}:${port}:127.0.0.1`])
      assert.equal((await visit(system, `https://${name}/`, places)).body, 'letters')
    },
    'may be deployed again: nothing is done but to ask once more': async (system) => {
      const master = 'systemctl show --property=MainPID --value letters.service'
      const before = await system.run(master)
      const { code, stdout } = await deploy(system)
      assert.equal(code, 1, stdout)
      assert.match(
        stdout,
        /^ +then +certbot [^\n]*\n[^\n]*\n\nnote: certbot got [\s\S]*then run tsicorn deploy again\.\n$/,
      )
      assert.equal(await system.run(master), before)
    },
    'takes the lines of every runbook, and fails only for want of the authority': async (system) => {
      for (const flags of runbooks) {
        await system.run(`rm -rf /srv/lines; mkdir -p /srv/lines; cp ${project}/app.mjs /srv/lines`)
        const init = `tsicorn init --yes --name lines --domain ${name} --app app.mjs --tls letsencrypt ${flags}`
        await system.run(`cd /srv/lines && ${init}`)
        const blocks = blocksOf(await system.run('cat /srv/lines/deploy/RUNBOOK.md'))
        const lines = blocks.filter((block) => block.startsWith('certbot '))
        assert.equal(lines.length, 1, flags)
        const { code, stderr } = await system.attempt(
          `mkdir -p /srv/lines/deploy/acme; cd /srv/lines/deploy\n${lines[0]}`,
        )
        assert.notEqual(code, 0, flags)
        assert.match(stderr, unreachable, flags)
      }
    },
    ...Object.fromEntries(
      lettersFaults.map((fault) => [
        `is told of ${fault.words}, and the fix mends it`,
        (system: System) => mend(system, fault),
      ]),
    ),
  },
  chosen,
)
