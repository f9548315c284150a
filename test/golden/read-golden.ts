import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderBundle } from '../../src/bundle/render.ts'
import { formatComplaint } from '../../src/settings/complaint.ts'
import type { ProxyName } from '../../src/settings/proxies.ts'
import { readSite, type Settled } from '../../src/settings/site-answers.ts'
import type { SiteAnswers } from '../../src/settings/site-table.ts'
import type { SupervisorName } from '../../src/settings/supervisors.ts'
import { repository } from '../helpers/repository.ts'

/** One case: answers, a line of dashes, and the files they make, or the complaints. */
export type Golden = {
  readonly name: string
  readonly path: string
  /** The upper half as it stands. */
  readonly given: string
  readonly expected: string
}

const folder = join(repository, 'test', 'golden')
const divider = `\n${'-'.repeat(100)}\n`

/** All cases, by name. */
export function readGoldens(): readonly Golden[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.golden'))
    .sort()
    .map((name) => {
      const path = join(folder, name)
      const [given = '', ...rest] = readFileSync(path, 'utf8').split(divider)
      return { name: name.replace('.golden', ''), path, given: given.trim(), expected: rest.join(divider) }
    })
}

/** The answers of a case, or what is wrong with them. */
export function settleGolden({ given, name }: Golden): Settled {
  return readSite(JSON.parse(given), name)
}

/** The answers of every case that makes files. */
export function goldenAnswers(): readonly { readonly name: string; readonly answers: SiteAnswers }[] {
  return readGoldens().flatMap((golden) => {
    const settled = settleGolden(golden)
    return settled.ok ? [{ name: golden.name, answers: settled.answers }] : []
  })
}

/** Those of them with this proxy; unless told otherwise, all whose files stand on a host. */
export function goldenBehind(
  proxy: ProxyName,
  under: readonly SupervisorName[] = ['systemd', 'supervisord'],
): ReturnType<typeof goldenAnswers> {
  return goldenUnder(...under).filter(({ answers }) => answers.proxy === proxy)
}

/** Those of them whose server one of these starts. */
export function goldenUnder(...supervisors: readonly SupervisorName[]): ReturnType<typeof goldenAnswers> {
  return goldenAnswers().filter(({ answers }) => supervisors.includes(answers.supervisor))
}

/** The lower half of a case. */
export function renderGolden(golden: Golden): string {
  const settled = settleGolden(golden)
  if (!settled.ok) return `${settled.complaints.map(formatComplaint).join('\n')}\n`
  const files = renderBundle(settled.answers)
  // A new version, or a word in a comment, would be seen here in every file.
  const plain = (content: string) =>
    content
      .replace(/tsicorn \S+ (wrote this for \S+; sha256 of the rest:) [0-9a-f]{64}/, 'tsicorn VERSION $1 HASH')
      .replace(/(tsicorn[@-]|TSICORN_VERSION=)\d+\.\d+\.\d+/g, '$1VERSION')
  return files.map(({ path, mode, content }) => `==> ${path} (${mode.toString(8)})\n${plain(content)}`).join('\n')
}

/** A case as it is kept in its file. */
export function formatGolden(golden: Golden): string {
  return `${golden.given}${divider}${renderGolden(golden)}`
}
