import assert from 'node:assert/strict'
import test from 'node:test'
import { type DeployHost, deployHost, skipDeploy as skip } from './deploy-host.ts'
import { type DeployProject, deployProject } from './deploy-project.ts'

const links = { working: ['--working-directory', '/srv/demo/current'] } as const

async function built(host: DeployHost, name: string): Promise<string> {
  await host.dir.write(`builds/${name}/app.js`, `export default (_request, response) => response.end('${name}')\n`)
  await host.dir.write(`builds/${name}/package.json`, '{ "type": "module" }\n')
  return host.dir.join('builds', name)
}

const served = async (host: DeployHost) => (await host.run(['cat', '/srv/demo/current/app.js'])).stdout
const releases = async (host: DeployHost) =>
  (await host.run(['ls', '-A', '/srv/demo/releases'])).stdout.split('\n').filter(Boolean)

async function installed(host: DeployHost, project: DeployProject): Promise<void> {
  await project.init(...links.working)
  const first = await host.deploy(project.path, '--release', await built(host, 'one'))
  assert.equal(first.code, 0, first.stderr)
  const { code, stderr } = await host.deploy(project.path)
  assert.equal(code, 0, stderr)
  host.told()
}

test('a release is brought beside the others and switched to by a reload alone; going back is another', {
  skip,
}, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await installed(host, project)
  assert.match(await served(host), /'one'/)
  const second = await host.deploy(project.path, '--release', await built(host, 'two'))
  assert.equal(second.code, 0, second.stderr)
  assert.match(await served(host), /'two'/)
  assert.deepEqual(host.told(), ['reload demo.service'])
  assert.match((await host.deploy(project.path)).stdout, /^Nothing to do/)
  assert.equal((await host.deploy(project.path, '--release', await built(host, 'three'))).code, 0)
  host.told()
  const back = await host.deploy(project.path, '--rollback')
  assert.equal(back.code, 0, back.stderr)
  assert.match(await served(host), /'two'/)
  assert.deepEqual(host.told(), ['reload demo.service'])
})

test('a release that does not serve is taken back, and nothing of it is left', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await installed(host, project)
  const before = await host.tree()
  host.refuse('reload demo.service')
  const broken = await host.deploy(project.path, '--release', await built(host, 'broken'))
  assert.equal(broken.code, 1)
  assert.match(broken.stderr, /systemctl reload demo\.service failed/)
  assert.deepEqual(await host.tree(), before)
})

test('only the newest releases stay, with the one that is served and the one before it', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await installed(host, project)
  for (const name of ['two', 'three', 'four']) {
    const { code, stderr } = await host.deploy(project.path, '--release', await built(host, name), '--keep', '1')
    assert.equal(code, 0, stderr)
  }
  assert.equal((await releases(host)).length, 2)
  assert.match(await served(host), /'four'/)
})

test('a site without a link called current is told how to get one', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  const before = await host.tree()
  const { code, stderr } = await host.deploy(project.path, '--release', await built(host, 'one'))
  assert.equal(code, 2)
  assert.match(stderr, /expected a working directory that is a link called current/)
  assert.deepEqual(await host.tree(), before)
})
