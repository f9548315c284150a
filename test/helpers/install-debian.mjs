import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Installs Debian packages without starting the services in them: invoke-rc.d(8) asks policy-rc.d first. */
export function installDebian(packages, say) {
  const policy = '/usr/sbin/policy-rc.d'
  const isOurs = !existsSync(policy)
  // Ctrl-C ends apt-get; we live on to remove the policy.
  const stop = () => process.exit(1)
  for (const signal of signals) process.once(signal, stop)
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const args = ['install', '--yes', '--quiet=2', '--no-install-recommends', ...packages]
  try {
    say(`Installing ${packages.join(', ')}`)
    const attempt = () => spawnSync('apt-get', args, { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
    if (attempt().status === 0) return
    spawnSync('apt-get', ['update', '--quiet=2'], { env, stdio: 'ignore' })
    const { status, stderr } = attempt()
    if (status !== 0) say(stderr.trim())
  } finally {
    if (isOurs) rmSync(policy, { force: true })
    for (const signal of signals) process.off(signal, stop)
  }
}
