import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launcher, repository } from '../helpers/repository.ts'
import { freePort } from '../stack/place-site.ts'
import { authorityClient, publicName as domain } from './authority.ts'
import { command } from './command.ts'
import type { DockerEngine } from './docker-engine.ts'

// A build installs packages three times.
const patient = 240_000

export type Containers = {
  readonly port: number
  /** Where the client of a certificate authority keeps the certificate of the site. */
  readonly lineage: string
  /** Runs a command of the runbook, in its directory. */
  readonly run: (script: string) => Promise<string>
  readonly runbook: string
  readonly inspect: (service: 'app' | 'front', path: string) => Promise<string>
}

/** Everything that is asked, the certificate of an authority included. */
function answers(http: number, https: number): readonly string[] {
  return [
    ...['--name', 'guestbook', '--domain', domain, '--health-path', '/healthz', '--static', '/static/=static'],
    ...['--tls', 'letsencrypt', '--email', `ops@${domain}`, '--https-port', `${https}`],
    ...['--http-listen', `127.0.0.1:${http}`, '--https-listen', `127.0.0.1:${https}`],
  ]
}

/** The guestbook with the files that init writes for containers, and nothing started yet. */
export async function prepareContainers(engine: DockerEngine): Promise<Containers> {
  const { dir, docker } = engine
  const project = dir.join('guestbook')
  cpSync(join(repository, 'test/apps/guestbook'), project, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  })
  await command('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', '--prefix', project], {
    within: patient,
  })
  const [http, https] = [await freePort(), await freePort()]
  const init = [launcher, 'init', project, '--yes', '--supervisor', 'docker', ...answers(http, https)]
  await command(process.execPath, init)
  const deploy = join(project, 'deploy')
  await command('npm', ['pack', '--ignore-scripts', '--pack-destination', deploy, repository])
  writeFileSync(join(project, '.env'), 'SECRET=1\n')
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }
  const bin = await placeCompose(engine, deploy)
  await dir.write('bin/certbot', authorityClient, 0o755)
  await dir.write('asked/.keep', '')
  const kept = dir.join('letsencrypt')
  const env = {
    ...{ ...engine.env, PATH: `${bin}:${engine.env['PATH']}`, TSICORN: `./tsicorn-${version}.tgz` },
    ...{ AUTHORITY_HOME: kept, AUTHORITY_NOTES: dir.join('asked'), AUTHORITY_PORT: `${http}` },
  }
  const run: Containers['run'] = (script) =>
    command('bash', ['-e', '-c', `cd '${deploy}'; ${script.replaceAll('/etc/letsencrypt', kept)}`], {
      env,
      within: patient,
    })
  return {
    ...{ port: https, lineage: join(kept, 'live/guestbook') },
    ...{ run, runbook: readFileSync(join(deploy, 'RUNBOOK.md'), 'utf8') },
    inspect: async (service, path) => (await docker(['inspect', '-f', `{{${path}}}`, `guestbook_${service}_1`])).trim(),
  }
}

/**
 * The Compose of Debian 12 is older than the name of a project in its file, and than waiting; and only a registry has newer
 * images. Builds have the network of this host, where the packages are.
 */
async function placeCompose({ dir, bridge }: DockerEngine, deploy: string): Promise<string> {
  const file = readFileSync(join(deploy, 'compose.yaml'), 'utf8')
  const name = /^name: (.*)$/m.exec(file)?.[1]
  writeFileSync(join(deploy, 'older.yaml'), file.replace(/^name: .*$/m, ''))
  const networks = ['app', 'front'].map((service) => `  ${service}: { build: { network: host } }\n`)
  const bridged = `networks: { default: { driver_opts: { com.docker.network.bridge.name: ${bridge}-site } } }\n`
  writeFileSync(join(deploy, 'network.yaml'), `version: "3.9"\nservices:\n${networks.join('')}${bridged}`)
  const words = `/usr/bin/docker-compose -p ${name} -f older.yaml -f network.yaml`
  await dir.write(
    'bin/docker',
    `#!/bin/bash\n[ "$1" = compose ] || exec /usr/bin/docker "$@"\nshift\nargs=()\nfor one in "$@"; do case $one in --wait|--pull) ;; *) args+=("$one") ;; esac; done\nexec ${words} "\${args[@]}"\n`,
    0o755,
  )
  return dir.join('bin')
}
