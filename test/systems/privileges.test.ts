import assert from 'node:assert/strict'
import { until } from '../helpers/until.ts'
import { onEveryRelease } from './on-every-release.ts'
import { changeApp, masterPid, visit, workerPids } from './site.ts'
import type { System } from './system.ts'

/** CAP_SETPCAP and all others: no bit may be set in any of these (capabilities(7)). */
const nothing = '0000000000000000'

onEveryRelease(
  'privileges',
  { app: 'obedient' },
  {
    'master and workers are the site’s user, in its group alone, without capabilities and with a filter': async (
      system,
    ) => {
      const [uid, gid] = [await system.run('id -u site'), await system.run('id -g site')]
      const pids = [await masterPid(system), ...(await workerPids(system))]
      assert.equal(pids.length, 3)
      for (const pid of pids) {
        const status = await statusOf(system, pid)
        assert.equal(status['Uid'], Array(4).fill(uid).join('\t'))
        assert.equal(status['Gid'], Array(4).fill(gid).join('\t'))
        assert.ok(['', gid].includes(status['Groups'] ?? '?'), status['Groups'])
        for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) assert.equal(status[set], nothing, set)
        assert.equal(status['NoNewPrivs'], '1')
        assert.equal(status['Seccomp'], '2')
      }
    },
    'the application finds the system read-only, and others’ files closed': async (system) => {
      await changeApp(system, ['obedient', 'touches-files'])
      await system.run('useradd -m other; echo secret > /home/other/file; chmod 755 /home/other')
      await system.run('echo x > /srv/others; chown other /srv/others; chmod 600 /srv/others')
      const outcome = async (deed: 'read' | 'write', path: string) => (await visit(system, `/?${deed}=${path}`)).body
      await system.run('install -d -m 0777 /usr/local/open /srv/guestbook/open /etc/open /opt/open')
      for (const folder of ['/usr/local/open', '/srv/guestbook/open', '/etc/open', '/opt/open'])
        assert.equal(await outcome('write', `${folder}/planted`), 'EROFS')
      assert.equal(await outcome('write', '/etc/passwd'), 'EACCES')
      assert.equal(await outcome('read', '/etc/shadow'), 'EACCES')
      assert.equal(await outcome('read', '/srv/others'), 'EACCES')
      assert.match(await outcome('read', '/home/other/file'), /^(EACCES|ENOENT)$/)
      assert.equal(await outcome('read', '/srv/guestbook/package.json'), 'done')
      assert.equal(await outcome('write', '/var/lib/site/kept'), 'done')
    },
    'the application keeps uploads, asks name servers and other servers by TLS, and runs programs': async (system) => {
      await system.write('/usr/local/bin/name-server', nameServer, '0755')
      await system.run('systemd-run --quiet --unit=name-server /usr/local/bin/name-server')
      await system.run('cp /etc/resolv.conf /root/resolv.conf; echo nameserver 127.0.0.1 > /etc/resolv.conf')
      await system.run('systemctl restart site.service')
      const outcome = async (deed: string, flags: readonly string[] = []) =>
        (await visit(system, `/?${deed}`, flags)).body
      await until(async () => (await outcome('lookup=far.test')) === '127.0.0.1', { within: 60_000 })
      assert.equal(await outcome('resolve=far.test'), '127.0.0.1')
      assert.equal(await outcome('ask=https://guestbook.test/'), '200')
      assert.equal(await outcome('keep=upload', ['--data-binary', 'x'.repeat(100_000)]), 'done')
      assert.equal(await system.run('stat -c "%s %U" /var/lib/site/upload'), '100000 site')
      assert.equal(await outcome('run=/usr/bin/whoami'), 'site')
      await system.run('cp /root/resolv.conf /etc/resolv.conf; systemctl stop name-server.service')
    },
    'a master that is root lowers its workers to the user it is told': async (system) => {
      const flags =
        '--user site --group www-data -w 2 --name rooted -b unix:/run/rooted.sock /srv/guestbook/touches-files.mjs'
      await system.run(`systemd-run --quiet --unit=rooted node /usr/local/bin/tsicorn serve ${flags}`)
      await until(async () => (await system.attempt('curl -sf --unix-socket /run/rooted.sock http://x/')).code === 0)
      const uid = await system.run('id -u site')
      const gid = await system.run('getent group www-data | cut -d: -f3')
      const master = await system.run('systemctl show --property=MainPID --value rooted.service')
      assert.match((await statusOf(system, Number(master)))['Uid'] ?? '', /^0\t0\t0\t0$/)
      const workers = (await system.run(`pgrep --parent ${master}`)).split('\n').map(Number)
      assert.equal(workers.length, 2)
      for (const pid of workers) {
        const status = await statusOf(system, pid)
        assert.equal(status['Uid'], Array(4).fill(uid).join('\t'))
        assert.equal(status['Gid'], Array(4).fill(gid).join('\t'))
        // None of root's.
        assert.equal(status['Groups'], gid)
        for (const set of ['CapPrm', 'CapEff', 'CapAmb']) assert.equal(status[set], nothing, set)
      }
      const outcome = (deed: string) => system.run(`curl -s --unix-socket /run/rooted.sock 'http://x/?${deed}'`)
      for (const deed of ['read=/etc/shadow', 'read=/srv/others', 'write=/etc/passwd', 'write=/root/planted'])
        assert.equal(await outcome(deed), 'EACCES', deed)
      assert.equal(await outcome('read=/srv/guestbook/package.json'), 'done')
      await system.run('systemctl stop rooted.service')
    },
  },
)

async function statusOf(system: System, pid: number): Promise<Readonly<Record<string, string>>> {
  const lines = (await system.run(`cat /proc/${pid}/status`)).split('\n')
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
}

/** Answers every question for an address with 127.0.0.1 (RFC 1035), and others with nothing. */
const nameServer = `#!/usr/bin/python3
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
while True:
    asked, client = server.recvfrom(512)
    end = asked.index(b"\\0", 12) + 5
    isAddress = asked[end - 4 : end - 2] == b"\\0\\1"
    head = asked[:2] + b"\\x81\\x80\\0\\1" + (b"\\0\\1" if isAddress else b"\\0\\0") + b"\\0\\0\\0\\0"
    answer = b"\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\x3c\\0\\4\\x7f\\0\\0\\1" if isAddress else b""
    server.sendto(head + asked[12:end] + answer, client)
`
