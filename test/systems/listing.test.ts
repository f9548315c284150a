import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bootContainer } from './container.ts'
import { debian } from './layers.ts'
import { keepListing, pathsChanged } from './listing.ts'
import { needs, vagrantMachine } from './needs.ts'

const skip = vagrantMachine === undefined ? needs('bookworm') : 'is compared with what overlayfs tells of containers'

test('a machine without layers tells by its list what has changed on its disk', { skip }, async () => {
  await using system = await bootContainer([await debian('bookworm')])
  await keepListing(system.run)
  const before = await system.changes()
  await system.run(
    'mkdir /srv/new; echo x > /srv/new/file; rm /etc/motd; chmod 0600 /etc/nginx/nginx.conf; ln -s /x /opt/link',
  )
  await system.run(
    'ln -sfn /elsewhere /etc/os-release; cd /etc/nginx/sites-enabled; ln -sfn "$(readlink default)" default',
  )
  await system.run('cp -a /etc/passwd /etc/passwd.as; mv /etc/passwd.as /etc/passwd; touch /srv; echo y >> /etc/fstab')
  const etc = ['fstab', 'motd', 'nginx/nginx.conf', 'os-release'].map((name) => `/etc/${name}`)
  const changed = [...etc, '/opt/link', '/srv/new', '/srv/new/file']
  const isOurs = (path: string) => /^\/(etc|srv|opt)\//.test(path)
  assert.deepEqual((await pathsChanged(system.run)).filter(isOurs), changed)
  assert.deepEqual(
    (await system.changes()).filter((path) => isOurs(path) && !before.includes(path)),
    changed,
  )
})
