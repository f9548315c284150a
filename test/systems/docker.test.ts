import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { connect } from 'node:tls'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { publicName as domain } from './authority.ts'
import { needsDocker, startDocker } from './docker-engine.ts'
import { type Containers, prepareContainers } from './docker-site.ts'
import { blocksOf, codesOf } from './runbook.ts'

const questions: Readonly<Record<string, (site: Containers) => Promise<void>>> = {
  'the commands of the runbook build the images and start them': async (site) => {
    for (const block of blocksOf(site.runbook)) await site.run(block)
    assert.equal((await ask(site, '/')).status, 200)
    assert.equal((await ask(site, '/static/style.css')).status, 200)
  },
  'the certificate that certbot got is served without a restart, and so is the one it renews': async (site) => {
    const served = () => certificateAt(site)
    const got = () => new X509Certificate(readFileSync(join(site.lineage, 'fullchain.pem'))).fingerprint256
    const first = got()
    await until(async () => (await served()) === first, { what: 'the certificate of the authority' })
    await site.run('cd / && certbot renew')
    assert.notEqual(got(), first)
    await until(async () => (await served()) === got(), { what: 'the renewed certificate' })
    const renewed = got()
    await site.run('rm tls/*')
    for (const block of blocksOf(site.runbook).filter((one) => /openssl|certbot/.test(one))) await site.run(block)
    assert.equal(got(), renewed)
    await until(async () => (await served()) === renewed, { what: 'the certificate that certbot has already' })
  },
  'nobody in the containers is root, has rights, or writes outside of what is for that': async (site) => {
    for (const service of ['app', 'front'] as const) {
      assert.match(await site.inspect(service, '.Config.User'), /^(?:10001|101):10001$/)
      const status = await site.run(`docker compose exec -T ${service} cat /proc/1/status`)
      assert.match(status, /^CapBnd:\s*0+$/m)
      assert.match(status, /^NoNewPrivs:\s*1$/m)
      await assert.rejects(site.run(`docker compose exec -T ${service} touch /srv/x`), /Read-only file system/)
    }
    await site.run('docker compose exec -T app sh -c \'touch "$STATE_DIRECTORY/x" /tmp/x\'')
  },
  'no key and no environment file is in an image': async (site) => {
    const search =
      'find /srv /etc/guestbook -name "*.key" -o -name "privkey*" -o -name env -o -name .env -o -name "*.tgz"'
    assert.equal((await site.run(`docker compose exec -T app ${search}`)).trim(), '')
  },
  'the server is healthy, and says so to nobody outside': async (site) => {
    assert.equal(await site.inspect('app', '.State.Health.Status'), 'healthy')
    assert.equal((await ask(site, '/.tsicorn/status')).status, 404)
  },
  'what the application leaves behind is reaped': async (site) => {
    const zombies = () =>
      site.run("docker compose exec -T app sh -c '(sleep 0.1 &); ps axo stat= | grep -c ^Z || true'")
    await zombies()
    await until(async () => (await zombies()).trim() === '0')
  },
  'a reload loses no request, and HUP asks for one': async (site) => {
    await using load = startLoad({ target: { port: site.port }, path: '/healthz', tls: true, rate: 20, atMost: 5000 })
    await load.progress(20)
    const reload = codesOf(site.runbook).find((code) => code.includes('ctl reload')) ?? ''
    await site.run(reload.replace(' exec ', ' exec -T '))
    await load.progress(20)
    const { lost, statuses } = await load.stop()
    assert.deepEqual({ lost, statuses: Object.keys(statuses) }, { lost: [], statuses: ['200'] })
    await site.run('docker compose exec -T app kill -HUP 1')
    await until(async () => /reload/.test(await site.run('docker compose logs app')))
  },
  'the switch for maintenance works in a container that cannot be written to': async (site) => {
    const codes = codesOf(site.runbook).filter((code) => / exec app (?:touch|rm) /.test(code))
    const statuses: number[] = []
    for (const code of codes) {
      await site.run(code.replace(' exec ', ' exec -T '))
      statuses.push((await ask(site, '/')).status)
    }
    assert.deepEqual(statuses, [503, 200])
  },
  'a stop is the orderly one, and what was written is still there after the next start': async (site) => {
    await site.run('docker compose stop')
    for (const service of ['app', 'front'] as const) assert.equal(await site.inspect(service, '.State.ExitCode'), '0')
    await site.run('docker compose up -d --wait')
    await site.run('docker compose exec -T app sh -c \'ls "$STATE_DIRECTORY/x"\'')
    assert.equal((await until(() => ask(site, '/'), { within: 60_000 })).status, 200)
  },
}

test('the images that init writes the files for are built, serve, reload without losing a request, and stop in order', {
  skip: needsDocker(),
}, async (context) => {
  await using engine = await startDocker()
  const site = await prepareContainers(engine)
  for (const [sentence, question] of Object.entries(questions)) await context.test(sentence, () => question(site))
})

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`a test that ends by ${signal} leaves no bridge, process or folder of the engine it has started`, {
    skip: needsDocker(),
  }, async () => {
    await using dir = await tempDir()
    const words = ['--import', 'tsx', join(import.meta.dirname, 'programs/engine.ts')]
    const env = { ...process.env, TMPDIR: dir.path }
    const group = spawnGroup(process.execPath, words, { env, cwd: repository, stdio: ['pipe', 'pipe', 'inherit'] })
    let said = ''
    group.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const bridge = (await until(() => /^(\S+)\n/.exec(said), { what: 'an engine', within: 120_000 }))[1] ?? ''
    assert.deepEqual(leftOf(bridge, dir), [bridge, `${bridge}-site`, 'dockerd', 'a folder'])
    process.kill(group.pid, signal)
    assert.equal((await group.ended).signal, signal)
    const left = () => leftOf(bridge, dir).join(' ')
    await until(() => left() === '', { what: `nothing to be left of ${bridge}`, within: 60_000 })
    await group.kill()
  })
}

/** What there is of an engine whose folder is in a folder. */
function leftOf(bridge: string, dir: TempDir): readonly string[] {
  const bridges = readdirSync('/sys/class/net').filter((name) => name === bridge || name.startsWith(`${bridge}-`))
  const isEngine = (pid: string) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return line.startsWith('/usr/sbin/dockerd') && line.includes(dir.path)
    } catch {
      return false
    }
  }
  const engines = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && isEngine(entry))
  // tsx keeps its translations in a folder of its own.
  const folders = readdirSync(dir.path).filter((name) => !name.startsWith('tsx-'))
  return [...bridges.sort(), ...engines.map(() => 'dockerd'), ...folders.map(() => 'a folder')]
}

function ask({ port }: Containers, path: string) {
  return request({ port }, path, { tls: true, headers: { host: `${domain}:${port}` } })
}

/** The fingerprint of the certificate that nginx shows. */
async function certificateAt({ port }: Containers): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', servername: domain, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect')
    return socket.getPeerX509Certificate()?.fingerprint256 ?? 'none'
  } finally {
    socket.destroy()
  }
}
