import type { SiteAnswers } from '../settings/site-table.ts'
import type { Endpoint } from './client.ts'
import type { Systemd } from './inspect/systemd.ts'
import { doorOf } from './install/ask-site.ts'
import type { Run } from './install/run-command.ts'
import type { CheckTarget } from './target.ts'

export type Installed = {
  readonly answers: SiteAnswers
  readonly run: Run
  readonly systemd: Systemd | null
  readonly isRoot: boolean
  /** A command that puts everything back as it was rendered. */
  readonly again: string
  readonly probePath: string | null
}

/** A site as it runs on its host, for the checks of a running stack. */
export async function installedTarget(installed: Installed): Promise<CheckTarget> {
  const { answers, run, systemd, isRoot, again, probePath } = installed
  const service = await systemd?.unit(`${answers.name}.service`)
  const encrypted = answers.tls !== 'off'
  return {
    ...{ front: 'nginx', withoutProxy: '', https: encrypted ? doorOf(answers) : null },
    http: plainDoor(answers),
    ...{ keyPath: isRoot ? answers.certificateKey : null, names: answers.domain },
    ...{ workers: answers.workers, probePath, staticFolders: answers.static, maxBody: answers.maxBody },
    logDirectory: answers.nginxLogDirectory,
    master: { pid: Number(service?.one('MainPID') ?? 0), lastLines: () => [] },
    testProxy: isRoot ? () => testHost(run) : null,
    reload: () => void run(['systemctl', 'reload', `${answers.name}.service`]).catch(() => undefined),
    stop: () => Promise.reject(new Error('a check never stops an installed site')),
    renderAgain: again,
    host: { answers, run, systemd, isRoot },
  }
}

function plainDoor(answers: SiteAnswers): Endpoint {
  return doorOf({ ...answers, tls: 'off' })
}

async function testHost(run: Run) {
  const { ok, stderr } = await run(['nginx', '-t', '-q'])
  return { ok, words: stderr.trim().split('\n').filter(Boolean).join(' ') }
}
