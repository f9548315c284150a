import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Installs Debian packages without starting the services in them: invoke-rc.d(8) asks policy-rc.d first. */
export function installDebian(packages, say) {
  const policy = '/usr/sbin/policy-rc.d'
  const isOurs = !existsSync(policy)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const args = ['install', '--yes', '--quiet=2', '--no-install-recommends', ...packages]
  const attempt = () => spawnSync('apt-get', args, { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  const act = () => {
    if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
    say(`Installing ${packages.join(', ')}`)
    if (attempt().status === 0) return
    spawnSync('apt-get', ['update', '--quiet=2'], { env, stdio: 'ignore' })
    const { status, stderr } = attempt()
    if (status !== 0) say(stderr.trim())
  }
  tidily(act, () => isOurs && rmSync(policy, { force: true }))
}

/** Where programs are that were taken out of their packages. */
export const unpackedFolder = join(homedir(), '.cache', 'tsicorn-programs')

/** The member `$1` of the package `$0`, where we are. */
const take = 'dpkg-deb --fsys-tarfile "$0" | tar --extract "./usr/bin/$1"'

/** Takes one program out of a Debian package that is not installed: it would bring a service, which starts at the next boot. */
export function unpackDebian(program, name, say) {
  mkdirSync(unpackedFolder, { recursive: true })
  const cwd = mkdtempSync(join(unpackedFolder, 'tmp-'))
  const run = (file, args) => spawnSync(file, args, { cwd, stdio: 'ignore' }).status === 0
  const download = () => run('apt-get', ['download', '--quiet=2', name])
  const act = () => {
    say(`Unpacking ${program}, of ${name}, into ${unpackedFolder}`)
    if (!download() && !(run('apt-get', ['update', '--quiet=2']) && download())) return
    const [file = ''] = readdirSync(cwd)
    if (run('sh', ['-c', take, file, program]))
      renameSync(join(cwd, 'usr', 'bin', program), join(unpackedFolder, program))
  }
  tidily(act, () => rmSync(cwd, { recursive: true, force: true }))
}

/** Ctrl-C ends apt-get; we live on to tidy up. */
function tidily(act, tidyUp) {
  const stop = () => process.exit(1)
  for (const signal of signals) process.once(signal, stop)
  try {
    act()
  } finally {
    tidyUp()
    for (const signal of signals) process.off(signal, stop)
  }
}
