import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { availableWorkers } from '../../system/cpu-count.ts'
import type { Context } from '../context.ts'
import { columns, escapeControl } from '../paint.ts'
import { frameworkOf, type Manifest } from './detect-project.ts'
import { readJsonObject } from './read-json.ts'

/** What was found by looking, for a person to see before the first question; and how the conversation works. */
export async function survey(known: SiteAnswers, { paint }: Pick<Context, 'paint'>): Promise<string> {
  const manifest = (await readJsonObject(join(known.workingDirectory, 'package.json'))) ?? {}
  const rows = [
    ['project', project(known, manifest)],
    ['node', `${process.versions.node} at ${known.node}`],
    ['nginx', `${known.nginxVersion} with OpenSSL ${known.opensslVersion}`],
    ['systemd', String(known.systemdVersion)],
    ['machine', machine()],
  ].map(([name = '', text = '']) => [`  ${paint.dim(name)}`, escapeControl(text)])
  const hint = 'Enter takes what is in brackets, ? explains, < goes back, Ctrl-C leaves without a trace.'
  return `${['Found:', ...columns(rows), '', hint, ''].join('\n')}\n`
}

function project({ workingDirectory }: SiteAnswers, manifest: Manifest): string {
  const name = typeof manifest['name'] === 'string' ? manifest['name'] : 'an application'
  const framework = frameworkOf(manifest)
  return [name, ...(framework === null ? [] : [`with ${framework}`]), `in ${workingDirectory}`].join(' ')
}

function machine(): string {
  const gibibytes = (totalmem() / 1024 ** 3).toFixed(1)
  return `${distribution()}, ${availableWorkers().reason}, ${gibibytes} GiB of memory`
}

// os-release(5).
function distribution(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
  } catch {
    return 'Linux'
  }
}
