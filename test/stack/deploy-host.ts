import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { launcher } from '../helpers/repository.ts'
import { type ProgramResult, runProgram } from '../helpers/run-program.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { findProgram, needs } from './needs.ts'

/**
 * A host to deploy on that is this one, under another skin: in a mount namespace of its own, /etc is a copy, and
 * /var, /srv and /run are folders, so that everything is real to programs, nothing of it is left, and nothing that happens to
 * the real ones is seen. Where no systemd is booted, `systemctl`
 * is a stub that records what it is told and remembers which units are active; enabling is left to the real one.
 */
export type DeployHost = AsyncDisposable & {
  readonly dir: TempDir
  /** Runs a program on that host. */
  readonly run: (command: readonly string[], within?: number) => Promise<ProgramResult>
  /** `tsicorn deploy` for a project. */
  readonly deploy: (project: string, ...flags: readonly string[]) => Promise<ProgramResult>
  /** Every file, link and directory of /etc, /var, /srv and /run: owner, mode, content. */
  readonly tree: () => Promise<readonly string[]>
  /** What systemctl was told since the last time, without the questions. */
  readonly told: () => readonly string[]
  /** From now on systemctl fails when it is told this. */
  readonly refuse: (words: string) => void
  /** When systemctl is told this next, whoever tells it is sent the signal first. */
  readonly interrupt: (words: string, signal: string) => void
}

/** For the `skip` of tests: mounting takes root. */
export const skipDeploy = reasonToSkip()

// What programs leave behind wherever they run: copies of account files, and the logs that tell what happened.
const others =
  /^(?:\/etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-|\/etc\/\.pwd\.lock|\/var\/log\/nginx|\/var\/lib\/nginx|\/run\/nginx\.pid|\/run\/systemd)/

/** Prepares the host. Its files last until the end of scope. */
export async function deployHost(): Promise<DeployHost> {
  const dir = await tempDir()
  furnish(dir)
  const env = cleanEnvironment({ PATH: `${dir.join('bin')}:${process.env['PATH']}:/usr/sbin:/sbin` })
  const enter = ['--mount', '--propagation', 'private', dir.join('enter')]
  const run = (command: readonly string[], within = 120_000) =>
    runProgram('unshare', [...enter, ...command], { env, within, cwd: '/' })
  return {
    ...{ dir, run },
    deploy: (project, ...flags) => run([process.execPath, launcher, 'deploy', project, ...flags]),
    tree: async () => linesOf((await run(['sh', '-c', listing])).stdout).filter((line) => !others.test(line)),
    told: () => {
      const lines = linesOf(readFileSync(dir.join('told'), 'utf8'))
      writeFileSync(dir.join('told'), '')
      return lines
    },
    refuse: (words) => writeFileSync(dir.join('refused', words.replaceAll(' ', '_')), ''),
    interrupt: (words, signal) => writeFileSync(dir.join('interrupted', words.replaceAll(' ', '_')), signal),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  }
}

/** What a host has before anything is deployed on it. */
const folders = ['var/lib/nginx', 'var/log/nginx', 'var/tmp', 'var/www', 'srv', 'run/systemd/system', 'run/lock']

const ours = ['bin', 'active', 'refused', 'interrupted']

function furnish(dir: TempDir): void {
  for (const name of [...folders, ...ours]) mkdirSync(dir.join(name), { recursive: true, mode: 0o755 })
  spawnSync('cp', ['--archive', '/etc', dir.join('etc')])
  writeFileSync(dir.join('active/nginx.service'), '')
  writeFileSync(dir.join('told'), '')
  writeFileSync(dir.join('bin/systemctl'), stub(dir.path), { mode: 0o755 })
  writeFileSync(dir.join('enter'), entrance(dir.path), { mode: 0o755 })
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter(Boolean)
}

const listing = `find /etc /var /run /srv -xdev \\( -type f -o -type l -o -type d \\) -printf '%p %y %m %U:%G %l\\n' | sort > /run/list
find /etc /var/lib/tsicorn /run -xdev -type f -not -path /run/list -size -512k -exec sha256sum {} + 2>/dev/null | awk '{print $2 " " $1}' | sort > /run/sums
cat /run/list /run/sums | grep -v -e '^/run/list' -e '^/run/sums'; rm /run/list /run/sums`

function entrance(path: string): string {
  const mounts = ['etc', 'var', 'srv', 'run'].map((name) => `mount --bind ${join(path, name)} /${name}`)
  return ['#!/bin/sh', 'set -e', ...mounts, 'exec "$@"\n'].join('\n')
}

function stub(path: string): string {
  return `#!/bin/sh
case $1 in --version) exec /usr/bin/systemctl "$@" ;; show|is-active|is-enabled) ;; *) echo "$*" >> ${path}/told ;; esac
[ ! -e "${path}/refused/$(echo "$*" | tr ' ' '_')" ] || { echo "refused: $*" >&2; exit 1; }
interruption="${path}/interrupted/$(echo "$*" | tr ' ' '_')"
if [ -e "$interruption" ]; then kill -s "$(cat "$interruption")" "$PPID"; rm "$interruption"; fi
case $1 in
  show) shift
    for unit; do
      case $unit in --*) continue ;; esac
      echo "Id=$unit"
      if [ -e "${path}/active/$unit" ]; then echo ActiveState=active; else echo ActiveState=inactive; fi
      echo "UnitFileState=$(SYSTEMD_OFFLINE=1 /usr/bin/systemctl is-enabled "$unit" 2>/dev/null)"
      echo NeedDaemonReload=no
      echo
    done ;;
  enable|disable) SYSTEMD_OFFLINE=1 exec /usr/bin/systemctl "$@" ;;
  start|restart) shift; for unit; do : > "${path}/active/$unit"; done ;;
  stop) shift; for unit; do rm -f "${path}/active/$unit"; done ;;
  is-active) if [ -e "${path}/active/$2" ]; then echo active; else echo inactive; exit 3; fi ;;
esac
`
}

function reasonToSkip(): false | string {
  if (process.getuid?.() !== 0) return 'mounting over /etc takes root'
  const missing = needs('nginx', 'systemd-analyze', 'openssl')
  if (missing !== false) return missing
  if (findProgram('unshare') === null) return 'not installed: unshare (Debian package: util-linux)'
  const attempt = spawnSync('unshare', ['--mount', '--propagation', 'private', 'mount', '-t', 'tmpfs', 'none', '/mnt'])
  return attempt.status === 0 ? false : 'this system allows no mount namespaces'
}
