import { spawnSync } from 'node:child_process'

export function nginxVersion(path: string): string {
  return /nginx\/(\S+)/.exec(spawnSync(path, ['-v'], { encoding: 'utf8' }).stderr)?.[1] ?? 'unknown'
}
