import assert from 'node:assert/strict'
import { chmodSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { launcher } from '../helpers/repository.ts'
import { deployHost, skipDeploy as skip } from './deploy-host.ts'
import { deployProject } from './deploy-project.ts'

test('a site is installed in order, a second time changes and tells nothing, and uninstalling leaves no trace', {
  skip,
}, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  const before = await host.tree()
  const first = await host.deploy(project.path)
  assert.equal(first.code, 0, first.stderr)
  assert.deepEqual(host.told(), [
    'daemon-reload',
    'enable demo.socket demo.service',
    'start demo.socket demo.service',
    'reload nginx.service',
  ])
  const installed = await host.tree()
  assert.ok(installed.some((line) => /^\/etc\/demo\/env f 640 0:\d+ /.test(line)))
  assert.ok(installed.some((line) => line.startsWith('/etc/nginx/sites-enabled/demo.conf l ')))
  assert.ok(installed.some((line) => /^\/run\/demo d 2750 /.test(line)))

  const second = await host.deploy(project.path)
  assert.equal(second.code, 0, second.stderr)
  assert.match(second.stdout, /^Nothing to do/)
  assert.deepEqual(host.told(), [])
  assert.deepEqual(await host.tree(), installed)

  const gone = await host.deploy(project.path, '--uninstall')
  assert.equal(gone.code, 0, gone.stderr)
  assert.deepEqual(await host.tree(), before)
})

test('a change does what it needs and no more, and going back brings the files of before', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await host.deploy(project.path)
  const first = await host.tree()
  host.told()
  await project.init('--max-body', '2m')
  const larger = await host.deploy(project.path)
  assert.match(larger.stdout, /change {2}\/etc\/nginx\/sites-available\/demo\.conf/)
  assert.match(larger.stdout, /-\s+client_max_body_size 10/)
  assert.deepEqual(host.told(), ['reload nginx.service'])
  await project.init('--max-body', '2m', '--workers', '5')
  await host.deploy(project.path)
  assert.deepEqual(host.told(), [
    'daemon-reload',
    'stop demo.service',
    'restart demo.socket',
    'start demo.service',
    'reload nginx.service',
  ])
  for (const _ of [2, 1]) assert.equal((await host.deploy(project.path, '--rollback')).code, 0)
  const kept = (line: string) => !line.startsWith('/var/lib/tsicorn/')
  assert.deepEqual((await host.tree()).filter(kept), first.filter(kept))
  const none = await host.deploy(project.path, '--rollback')
  assert.equal(none.code, 2)
  assert.match(none.stderr, /there is no deployment of demo before/)
})

test('a plan is only shown with --dry-run, --diff and --json', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  const before = await host.tree()
  const [dry, diff, json] = await Promise.all(
    ['--dry-run', '--diff', '--json'].map((flag) => host.deploy(project.path, flag)),
  )
  assert.match(dry?.stdout ?? '', /create {2}\/etc\/demo\/tsicorn\.config\.json {2,}0644 root:root/)
  assert.match(diff?.stdout ?? '', /\+\[Service\]/)
  assert.doesNotMatch(diff?.stdout ?? '', /DATABASE_URL/)
  const plan = JSON.parse(json?.stdout ?? '')
  assert.equal(plan.site, 'demo')
  assert.ok(plan.steps.some((step: { path?: string }) => step.path === '/etc/systemd/system/demo.service'))
  assert.deepEqual(host.told(), [])
  assert.deepEqual(await host.tree(), before)
})

test('a service that does not start leaves the host as it was, and the failure says so', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  const before = await host.tree()
  host.refuse('start demo.socket demo.service')
  const { code, stderr } = await host.deploy(project.path)
  assert.equal(code, 1)
  assert.match(stderr, /systemctl start demo\.socket demo\.service failed/)
  assert.match(stderr, /Put back as it was:\n\s+systemctl stop/)
  assert.match(stderr, /The host is as it was before/)
  assert.deepEqual(await host.tree(), before)
  assert.equal(readFileSync('/etc/passwd', 'utf8').includes('web application demo'), false)
})

test('whoever is not root is shown the plan and the commands that need root, and changes nothing', {
  skip,
}, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  chmodSync(host.dir.path, 0o755)
  assert.equal((await host.run(['chown', '-R', '65534', project.path])).code, 0)
  const before = await host.tree()
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const { code, stdout, stderr } = await host.run([...nobody, process.execPath, launcher, 'deploy', project.path])
  assert.equal(code, 2)
  assert.match(stdout, /create {2}\/etc\/systemd\/system\/demo\.service/)
  assert.match(
    stderr,
    /These need root:\n(?:.*\n)*\s+install -D -m 0640 -g demo \S+\/deploy\/etc\/demo\/env \/etc\/demo\/env\n/,
  )
  assert.match(stderr, /\n\s+systemctl enable demo\.socket demo\.service\n/)
  assert.deepEqual(await host.tree(), before)
})
