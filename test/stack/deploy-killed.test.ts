import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { repository } from '../helpers/repository.ts'
import { type DeployHost, deployHost, skipDeploy as skip } from './deploy-host.ts'
import { type DeployProject, deployProject } from './deploy-project.ts'

const program = join(repository, 'test/stack/programs/deploy-until.ts')
const tsx = join(repository, 'node_modules/tsx/dist/loader.mjs')

const deployUntil = (host: DeployHost, ...words: readonly string[]) =>
  host.run([process.execPath, '--import', tsx, program, ...words])

/** Kills a change at each of its events, and says what is not as before once what it left was put back. */
async function killEverywhere(host: DeployHost, project: DeployProject, kind: string): Promise<readonly string[]> {
  const before = await host.tree()
  const whole = await deployUntil(host, project.path, kind)
  assert.equal(whole.code, 0, whole.stderr)
  const events = whole.stdout.trim().split('\n')
  await undo(host, project, kind)
  assert.deepEqual(await settledTree(host), before.filter(isSettled), 'the way back of this test itself')
  const faults: string[] = []
  // From the commit on, the change is made.
  const taken = events.slice(0, events.indexOf('committed'))
  for (const [index, event] of taken.entries()) {
    // Between the end of a step and the beginning of the next nothing happens.
    if (event.startsWith('begun')) continue
    const { signal } = await deployUntil(host, project.path, kind, String(index))
    if (signal !== 'SIGKILL') faults.push(`${event}: ended by ${signal}`)
    const recovered = await host.deploy(project.path, '--recover')
    if (recovered.code !== 0) faults.push(`${event}: ${recovered.stderr}`)
    const after = await settledTree(host)
    const different = [...after.filter((line) => !before.includes(line)), ...lost(before.filter(isSettled), after)]
    faults.push(...different.map((line) => `${event}: ${line}`))
  }
  return faults
}

const lost = (before: readonly string[], after: readonly string[]) =>
  before.filter((line) => !after.includes(line)).map((line) => `lost ${line}`)

// How often something was deployed is remembered, and when.
const isSettled = (line: string) => !line.startsWith('/var/lib/tsicorn/demo/state.json ')
const settledTree = async (host: DeployHost) => (await host.tree()).filter(isSettled)

async function undo(host: DeployHost, project: DeployProject, kind: string): Promise<void> {
  const back = kind === 'uninstall' ? [] : (await isFirst(host, project)) ? ['--uninstall'] : ['--rollback']
  const { code, stderr } = await host.deploy(project.path, ...back)
  assert.equal(code, 0, stderr)
}

async function isFirst(host: DeployHost, project: DeployProject): Promise<boolean> {
  return (
    (await host.run(['grep', '-q', '"earlier":\\[\\]', '/var/lib/tsicorn/demo/state.json'])).code === 0 &&
    project !== null
  )
}

test('a first deployment that is killed, wherever it was, leaves nothing once it is put back', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  assert.deepEqual(await killEverywhere(host, project, 'deploy'), [])
})

test('a change that is killed, wherever it was, leaves the site as it was', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await host.deploy(project.path)
  await project.init('--workers', '3', '--max-body', '3m', '--logs', 'files')
  assert.deepEqual(await killEverywhere(host, project, 'deploy'), [])
})

test('an uninstallation that is killed, wherever it was, leaves the site as it was', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await host.deploy(project.path)
  assert.deepEqual(await killEverywhere(host, project, 'uninstall'), [])
})

test('the next deployment puts back first what one that was killed has left, and says so', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  await deployUntil(host, project.path, 'deploy', '12')
  host.told()
  const { code, stdout, stderr } = await host.deploy(project.path)
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^The change of demo that began at \S+ was cut off\. Put back as it was:/)
  assert.match(stdout, /demo is installed: deployment 1\./)
  assert.match((await host.deploy(project.path)).stdout, /^Nothing to do/)
})

test('a change that was made for good is kept, however its process ended', { skip }, async () => {
  await using host = await deployHost()
  await using project = await deployProject(host)
  const whole = await deployUntil(host, project.path, 'deploy')
  const installed = await settledTree(host)
  const events = whole.stdout.trim().split('\n')
  await host.deploy(project.path, '--uninstall')
  await deployUntil(host, project.path, 'deploy', String(events.indexOf('committed')))
  await host.deploy(project.path, '--recover')
  assert.deepEqual(await settledTree(host), installed)
})
