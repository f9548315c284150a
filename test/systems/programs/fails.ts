// A test of a machine that fails: its site has been broken.
import assert from 'node:assert/strict'
import { onReleases } from '../on-every-release.ts'
import { machineWithSite, releases } from '../site.ts'
import type { System } from '../system.ts'

const question = async (system: System) => {
  await system.run('echo "an error of nginx" >> /var/log/nginx/site.error.log; chmod 0666 /run/site/1.sock')
  assert.fail('wrong as told')
}
onReleases('a machine', (release) => machineWithSite(release), { 'something is wrong': question }, releases.slice(0, 1))
