import assert from 'node:assert/strict'
import test from 'node:test'
import { launcher } from '../helpers/repository.ts'
import { type DeployHost, deployHost, skipDeploy as skip } from './deploy-host.ts'
import { deployProject } from './deploy-project.ts'

const shell = async (host: DeployHost, script: string) => {
  const result = await host.run(['sh', '-ec', script])
  assert.equal(result.code, 0, result.stderr)
  return result.stdout
}

const traps: readonly { readonly title: string; readonly trap: string; readonly says: RegExp }[] = [
  {
    title: 'a link that leads to where others write',
    trap: 'ln -s /tmp/elsewhere /etc/demo; mkdir -m 0755 -p /tmp/elsewhere',
    says: /a directory that others may write to/,
  },
  {
    title: "a directory of somebody else's",
    trap: 'mkdir /etc/demo; chown 65534 /etc/demo',
    says: /\/etc\/demo: expected a directory that only root writes to, found a directory of user 65534/,
  },
  {
    title: 'a directory that a group may write to',
    trap: 'chmod 0775 /etc/nginx/sites-available',
    says: /sites-available: expected a directory that only root writes to, found a directory that others may write to/,
  },
  {
    title: 'a link in place of a file',
    trap: 'ln -s /etc/shadow /etc/nginx/sites-available/demo.conf',
    says: /demo\.conf is a symbolic link, which is not followed/,
  },
  {
    title: 'a directory in place of a file',
    trap: 'mkdir /etc/systemd/system/demo.service',
    says: /demo\.service is a directory/,
  },
]

for (const { title, trap, says } of traps) {
  test(`root is not led astray by ${title}, not even with --force`, { skip }, async () => {
    await using host = await deployHost()
    await using project = await deployProject(host)
    await shell(host, trap)
    const before = await host.tree()
    const { code, stderr } = await host.deploy(project.path, '--force')
    assert.match(stderr, says)
    assert.equal(code, 2)
    assert.deepEqual(await host.tree(), before)
    await shell(host, 'rm -rf /tmp/elsewhere')
  })
}

test('a file that was edited by hand is not lost: both differences are shown, and --force writes over it', {
  skip,
}, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await host.deploy(project.path)
  await shell(host, "sed -i 's/least_conn;/random;/' /etc/nginx/sites-available/demo.conf")
  await project.init('--max-body', '7m')
  const edited = await host.tree()
  const refused = await host.deploy(project.path)
  assert.equal(refused.code, 2)
  assert.match(refused.stdout, /changed on this host since it was installed:[\s\S]*-\s+least_conn;\n\s+\+\s+random;/)
  assert.match(refused.stdout, /this deployment would make of it:[\s\S]*\+\s+client_max_body_size 7m;/)
  assert.match(refused.stderr, /--force writes over it/)
  assert.deepEqual(await host.tree(), edited)
  assert.equal((await host.deploy(project.path, '--force')).code, 0)
  assert.match(await shell(host, 'cat /etc/nginx/sites-available/demo.conf'), /client_max_body_size 7m/)
})

test('a file that was there before tsicorn is kept unless forced, and uninstalling brings it back', {
  skip,
}, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await shell(
    host,
    "echo 'server { }' > /etc/nginx/sites-available/demo.conf; chmod 0600 /etc/nginx/sites-available/demo.conf",
  )
  const before = await host.tree()
  const refused = await host.deploy(project.path)
  assert.match(refused.stderr, /was there before tsicorn, with other content/)
  assert.equal((await host.deploy(project.path, '--force')).code, 0)
  assert.equal((await host.deploy(project.path, '--uninstall')).code, 0)
  assert.deepEqual(await host.tree(), before)
})

test('what was written into the environment file on the host is neither changed nor removed', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await host.deploy(project.path)
  await shell(host, 'echo SECRET=1 >> /etc/demo/env')
  assert.match((await host.deploy(project.path)).stdout, /^Nothing to do/)
  const gone = await host.deploy(project.path, '--uninstall')
  assert.match(gone.stdout, /\/etc\/demo\/env was filled in on this host and stays/)
  assert.match(await shell(host, 'cat /etc/demo/env'), /SECRET=1/)
})

const disks: readonly { readonly title: string; readonly mount: string }[] = [
  { title: 'a full disk', mount: 'mount -t tmpfs -o size=4k,mode=0755 none /etc/systemd/system' },
  {
    title: 'a disk that takes no writing',
    mount: 'mount --bind -o ro /etc/nginx/sites-enabled /etc/nginx/sites-enabled',
  },
  { title: 'a full disk under the journal', mount: 'mount -t tmpfs -o size=4k,mode=0755 none /var/lib' },
]

for (const { title, mount } of disks) {
  test(`${title} in the middle of a deployment leaves the host as it was`, { skip }, async () => {
    await using host = await deployHost()
    await using project = await deployProject(host)
    const list =
      "find /etc /var/lib /run -xdev -not -path '*/.pwd.lock' -printf '%p %y %m %U:%G %l %s\\n' | grep -v -e '^/run/[ab] ' -e '^/etc/[a-z]*- ' | sort"
    const listing = `for f in /etc /etc/systemd/system /etc/nginx/sites-enabled /var/lib; do ${list.replace('/etc /var/lib /run', '$f')}; done`
    const deploy = `${process.execPath} ${launcher} deploy ${project.path}`
    const script = `${mount}; (${listing}) > /run/a; ${deploy} || echo "status $?"; (${listing}) > /run/b; diff /run/a /run/b >&2 && echo same`
    const { stdout, stderr } = await host.run(['sh', '-c', script])
    assert.match(stdout, /status 1\n/, stderr)
    assert.match(stdout, /^same$/m, stderr)
    assert.match(stderr, /ENOSPC|EROFS/)
  })
}

test('one deployment at a time changes a host', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  const before = await host.tree()
  const command = [process.execPath, launcher, 'deploy', project.path]
  const { code, stderr } = await host.run(['flock', '/run/tsicorn-deploy.lock', ...command])
  assert.match(stderr, /another deployment is at work on this host/)
  assert.equal(code, 2)
  await shell(host, 'rm /run/tsicorn-deploy.lock')
  assert.deepEqual(await host.tree(), before)
})

test('Ctrl-C in the middle takes everything back', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  const before = await host.tree()
  for (const [signal, status] of [
    ['INT', 130],
    ['TERM', 143],
    ['HUP', 129],
  ] as const) {
    host.interrupt('start demo.socket demo.service', signal)
    const { code, stderr } = await host.deploy(project.path)
    assert.match(stderr, /stopped: interrupted by SIG/)
    assert.equal(code, status)
    assert.deepEqual(await host.tree(), before)
  }
})

test('several sites live side by side, and one that goes takes nothing of another', { skip }, async () => {
  await using host = await deployHost()
  await using shop = await deployProject(host, 'shop')
  await using demo = await deployProject(host, 'demo')
  await host.deploy(shop.path)
  const withShop = await host.tree()
  assert.equal((await host.deploy(demo.path)).code, 0)
  assert.match((await host.deploy(shop.path)).stdout, /^Nothing to do/)
  assert.equal((await host.deploy(demo.path, '--uninstall')).code, 0)
  assert.deepEqual(await host.tree(), withShop)
})

test("nginx's default site is given up only when that is asked for, and comes back", { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await shell(
    host,
    'test -e /etc/nginx/sites-enabled/default || ln -s ../sites-available/default /etc/nginx/sites-enabled/default',
  )
  const before = await host.tree()
  await project.init('--default-server')
  const refused = await host.deploy(project.path)
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /--disable-default-site gives it up/)
  assert.equal((await host.deploy(project.path, '--disable-default-site')).code, 0)
  assert.match((await host.deploy(project.path)).stdout, /^Nothing to do/)
  assert.equal((await host.deploy(project.path, '--uninstall')).code, 0)
  assert.deepEqual(await host.tree(), before)
})
