import assert from 'node:assert/strict'
import { until } from '../helpers/until.ts'
import { installAuthority } from './authority.ts'
import { startLoadIn } from './load.ts'
import { onEveryRelease } from './on-every-release.ts'
import { domain, masterPid, visit } from './site.ts'
import type { System } from './system.ts'

const init = `tsicorn init --yes --force --name site --domain ${domain} --tls self-signed --default-server --app obedient.mjs`

const deployment = async (system: System, folder: string, ...flags: readonly string[]) =>
  system.attempt(`cd ${folder} && tsicorn deploy ${flags.join(' ')}`, { within: 120_000 })

async function deploy(system: System, folder: string, ...flags: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await deployment(system, folder, ...flags)
  assert.equal(code, 0, stdout + stderr)
  return stdout
}

/**
 * What becomes of requests, also of those that may be sent once only, while something is done. Each has a connection of its
 * own: nginx closes idle ones when it reloads, which may cross with a request of their client. Debian's nginx has room for
 * 768 connections in each worker, and a request that waits takes two.
 */
async function underLoad(system: System, host: string, act: () => Promise<unknown>): Promise<void> {
  const { lost, statuses, sent } = await fates(system, host, act)
  assert.deepEqual({ lost, statuses }, { lost: [], statuses: { 200: sent } })
}

async function fates(system: System, host: string, act: () => Promise<unknown>) {
  const browser = { target: { port: 443 }, tls: { servername: host }, headers: { host } }
  await using load = startLoadIn(system, { ...browser, method: 'POST', body: 'x'.repeat(2000), rate: 80, atOnce: 100 })
  await load.progress(50)
  await act()
  await load.progress(50)
  return load.stop()
}

const ask = (system: System, host: string) =>
  visit(system, `https://${host}/`, ['--resolve', `${host}:443:127.0.0.1`, '--resolve', `${host}:80:127.0.0.1`])

/** Waits for a word as the answer: a worker that leaves still answers on the connections that nginx has kept. */
const answers = (system: System, host: string, word: string) =>
  until(async () => (await ask(system, host)).body === word, { what: `${host} to answer ${word}` })

const sockets = (system: System) => system.run('cd /run/site && ls [0-9]*.sock')

/** An application that answers with a word, which is well or is not. */
async function build(system: System, path: string, word: string, start = ''): Promise<void> {
  const answer = `response.writeHead(request.url === '/healthz' && '${word}' === 'sick' ? 500 : 200).end('${word}')`
  await system.write(`${path}/app.mjs`, `${start}\nexport default (request, response) => ${answer}\n`)
}

const fingerprint = (system: System, host: string) =>
  system.run(
    `openssl s_client -connect 127.0.0.1:443 -servername ${host} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint`,
  )
const issued = (system: System) =>
  system.run('openssl x509 -noout -fingerprint -in /etc/letsencrypt/live/letters/fullchain.pem')

onEveryRelease(
  'a deployment',
  { app: 'obedient' },
  {
    'that adds a worker loses no request': async (system) => {
      const before = await masterPid(system)
      await system.run(`cd /srv/guestbook && ${init} --workers 3`)
      await underLoad(system, domain, () => deploy(system, '/srv/guestbook'))
      assert.notEqual(await masterPid(system), before)
      assert.equal(await sockets(system), '1.sock\n2.sock\n3.sock')
      assert.equal(await system.run('ls -A /run | grep tsicorn | cat'), '')
    },
    'is told apart from a plain restart of the sockets: that one loses some': async (system) => {
      const { statuses, sent } = await fates(system, domain, () => system.run('systemctl restart site.socket'))
      assert.ok((statuses[200] ?? 0) < sent, JSON.stringify(statuses))
    },
    'that takes the worker away again loses no request, and leaves no socket of it': async (system) => {
      await underLoad(system, domain, () => deploy(system, '/srv/guestbook', '--rollback'))
      assert.equal(await sockets(system), '1.sock\n2.sock')
      assert.equal((await visit(system, '/')).status, 200)
    },
    'that is killed while connections wait is put back, and leaves nothing': async (system) => {
      const held = "timeout 60 sh -c 'until ls -d /run/.tsicorn-site >/dev/null 2>&1; do :; done'"
      await system.run(`cd /srv/guestbook; tsicorn deploy >/dev/null 2>&1 & pid=$!; ${held}; kill -9 $pid`)
      await deploy(system, '/srv/guestbook', '--recover')
      assert.equal((await visit(system, '/')).status, 200)
      assert.equal(await sockets(system), '1.sock\n2.sock')
      assert.equal(await system.run('ls -A /run | grep tsicorn | cat'), '')
    },
    'whose certificate the authority refuses leaves the site with its own, and says what comes next': async (
      system,
    ) => {
      await installAuthority(system)
      await build(system, '/srv/letters', 'letters')
      const names = '--name letters --domain letters.example.org --email you@letters.example.org'
      await system.run(`cd /srv/letters && tsicorn init --yes --tls letsencrypt ${names}; touch /root/refused`)
      const { code, stdout } = await deployment(system, '/srv/letters')
      assert.equal(code, 1)
      assert.match(stdout, /then +certbot certonly .*--agree-tos .*\n.*you agree to the terms of Let's Encrypt/)
      assert.match(stdout, /letters is installed[\s\S]*NXDOMAIN[\s\S]*then run tsicorn deploy again/)
      assert.equal((await ask(system, 'letters.example.org')).body, 'letters')
    },
    'that is run again goes on from there, to the certificate of the authority': async (system) => {
      await system.run('rm /root/refused')
      await deploy(system, '/srv/letters')
      const isServed = async () => (await fingerprint(system, 'letters.example.org')) === (await issued(system))
      await until(isServed, { what: 'nginx to serve the certificate', within: 20_000 })
      assert.match(await deploy(system, '/srv/letters'), /^Nothing to do/)
    },
    'of a site whose certificate is renewed needs no further word: visitors get the new one': async (system) => {
      const before = await issued(system)
      await system.run('certbot renew')
      assert.notEqual(await issued(system), before)
      const isTaken = async () => (await fingerprint(system, 'letters.example.org')) === (await issued(system))
      await until(isTaken, { what: 'nginx to serve the new certificate', within: 20_000 })
    },
    'of a release switches to it under load': async (system) => {
      await build(system, '/root/one', 'one')
      await build(system, '/root/two', 'two')
      const places = '--working-directory /srv/shop/current --app app.mjs --health-path /healthz'
      await system.run(
        `mkdir /srv/shop; cd /srv/shop; tsicorn init --yes --name shop --domain shop.test --tls self-signed ${places}`,
      )
      await deploy(system, '/srv/shop', '--release /root/one')
      await deploy(system, '/srv/shop')
      await answers(system, 'shop.test', 'one')
      await underLoad(system, 'shop.test', () => deploy(system, '/srv/shop', '--release /root/two'))
      await answers(system, 'shop.test', 'two')
    },
    'of a release that does not start, or is not well, switches back by itself': async (system) => {
      const releases = await system.run('ls /srv/shop/releases')
      await build(system, '/root/broken', 'broken', 'if (process.env.INVOCATION_ID) throw new Error("no such module")')
      await build(system, '/root/sick', 'sick')
      for (const bad of ['broken', 'sick']) {
        const { code, stderr } = await deployment(system, '/srv/shop', `--release /root/${bad}`)
        assert.equal(code, 1, stderr)
        assert.match(stderr, /systemctl reload shop\.service failed[\s\S]*The host is as it was before/)
        await answers(system, 'shop.test', 'two')
        assert.equal(await system.run('ls /srv/shop/releases'), releases)
      }
    },
    'of a release keeps as many as it is told': async (system) => {
      await build(system, '/root/three', 'three')
      const told = await deploy(system, '/srv/shop', '--release /root/three --keep 1')
      assert.match(told, /The release \S+ was removed/)
      await answers(system, 'shop.test', 'three')
      assert.equal((await system.run('ls /srv/shop/releases')).split('\n').length, 2)
      await deploy(system, '/srv/shop', '--rollback')
      await answers(system, 'shop.test', 'two')
    },
    'that removes a site takes nothing of the others': async (system) => {
      const pids = 'systemctl show --property=MainPID --value site.service shop.service'
      const before = await system.run(pids)
      await underLoad(system, domain, () => deploy(system, '/srv/letters', '--uninstall'))
      assert.equal(await system.run(pids), before)
      await answers(system, 'shop.test', 'two')
      assert.equal((await ask(system, 'letters.example.org')).status, 0)
      assert.equal(
        await system.run('ls -d /etc/systemd/system/letters* /etc/letters /run/letters 2>/dev/null | cat'),
        '',
      )
    },
  },
)
