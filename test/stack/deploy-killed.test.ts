import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { repository } from '../helpers/repository.ts'
import { type DeployHost, deployHost, skipDeploy as skip } from './deploy-host.ts'
import { type DeployProject, deployProject } from './deploy-project.ts'

const programs = join(repository, 'test/stack/programs')

// With TSICORN_TEST_KILL_EVERYWHERE=1 it is every event of every step: minutes, where the usual selection takes seconds.
const extent = process.env['TSICORN_TEST_KILL_EVERYWHERE'] === undefined ? [] : ['each']

type Told = { readonly events: readonly string[]; readonly faults: readonly string[] }

/** Kills a change at its events, and tells what is not as before once what it left was put back. It ends with the change made. */
async function killEverywhere(host: DeployHost, project: DeployProject, kind: string): Promise<Told> {
  const words = [join(programs, 'kill-everywhere.mjs'), project.path, kind, ...extent]
  const { code, stdout, stderr } = await host.run([process.execPath, ...words], 500_000)
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout) as Told
}

async function deploy(host: DeployHost, project: DeployProject): Promise<string> {
  const { code, stdout, stderr } = await host.deploy(project.path)
  assert.equal(code, 0, stderr)
  return stdout
}

test('a first deployment that is killed, wherever it was, leaves nothing, and stays once it was made for good', {
  skip,
}, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  const { events, faults } = await killEverywhere(host, project, 'deploy')
  assert.deepEqual(faults, [])
  assert.ok(events.some((event) => event.endsWith('accounts')) && events.some((event) => event.endsWith('directories')))
  assert.match(await deploy(host, project), /^Nothing to do/)
})

test('a change that is killed, wherever it was, leaves the site as it was', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await deploy(host, project)
  await project.init('--workers', '3', '--max-body', '3m', '--logs', 'files')
  const { events, faults } = await killEverywhere(host, project, 'deploy')
  assert.deepEqual(faults, [])
  assert.ok(events.some((event) => event.endsWith('sockets')))
  assert.match(await deploy(host, project), /^Nothing to do/)
})

test('a deployment that is killed while it renews sockets is put back', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await deploy(host, project)
  await project.init('--workers', '3')
  const before = await host.tree()
  for (const words of ['stop demo.service', 'restart demo.socket', 'start demo.service']) {
    host.interrupt(words, 'KILL')
    assert.equal((await host.deploy(project.path)).signal, 'SIGKILL', words)
    assert.equal((await host.deploy(project.path, '--recover')).code, 0)
    assert.deepEqual(await host.tree(), before)
  }
})

test('an uninstallation that is killed, wherever it was, leaves the site as it was, and accounts go once it is made', {
  skip,
}, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  const before = await host.tree()
  await deploy(host, project)
  const { events, faults } = await killEverywhere(host, project, 'uninstall')
  assert.deepEqual(faults, [])
  // The account is there until the commit, and the kill came between that and its dismissal.
  assert.ok(events.some((event) => event.endsWith('dismiss')))
  assert.deepEqual(await host.tree(), before)
})

test('the next deployment puts back first what one that was killed has left, and says so', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await host.run([process.execPath, join(programs, 'deploy-until.mjs'), project.path, 'deploy', '12'])
  host.told()
  const stdout = await deploy(host, project)
  assert.match(stdout, /^The change of demo that began at \S+ was cut off\. Put back as it was:/)
  assert.match(stdout, /demo is installed: deployment 1\./)
  assert.match(await deploy(host, project), /^Nothing to do/)
})
