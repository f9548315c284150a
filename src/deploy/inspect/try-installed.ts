import { placesOf } from '../../bundle/places.ts'
import { formatComplaint } from '../../settings/complaint.ts'
import { fileSource } from '../../settings/file-source.ts'
import { resolve } from '../../settings/resolve.ts'
import { serverRules } from '../../settings/rules.ts'
import { serverTable } from '../../settings/server-table.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { type CertificateFiles, makeCertificate } from '../certificate.ts'
import type { Run } from '../install/run-command.ts'
import { type Trial, tryRules, trySite, tryUnits } from '../install/try-files.ts'
import type { WantedFile } from '../install/wanted.ts'
import { findProgram } from '../programs.ts'
import { createScratch } from '../scratch.ts'
import type { NginxFiles } from './nginx-tree.ts'

export type Programs = 'nginx' | 'systemd-analyze' | 'logrotate' | 'tsicorn'

/** What each program says against its files; null where it is not installed. */
export type ToolWords = Readonly<Record<Programs, readonly string[] | null>>

export type Trying = {
  readonly answers: SiteAnswers
  readonly root: string
  readonly path: string
  readonly run: Run
  readonly text: (path: string) => string | null
  readonly nginxFiles: NginxFiles
  /** Units and their drop-ins, by path. */
  readonly units: readonly (readonly [string, string])[]
}

/** Shows copies of the installed files to the programs they are for. It takes no rights, and opens no port. */
export async function tryInstalled(trying: Trying): Promise<ToolWords> {
  const scratch = await createScratch('/tmp')
  try {
    const has = async (program: string) => (await findProgram(program, trying.path)) !== null
    const ask = async (program: string, question: () => Promise<readonly string[]>) =>
      (await has(program)) ? question() : null
    const [nginx, units, rules] = await Promise.all([
      ask('nginx', async () => trySite(await siteTrial(trying, scratch.path))),
      ask('systemd-analyze', () => unitWords(trying, scratch.path)),
      ask('logrotate', () => ruleWords(trying, scratch.path)),
    ])
    return { nginx, 'systemd-analyze': units, logrotate: rules, tsicorn: configWords(trying) }
  } finally {
    await scratch.remove()
  }
}

function trialOf({ answers, run }: Trying, scratch: string): Trial {
  return {
    ...{ scratch, answers, run, steps: [], wanted: [], certificate: null },
    // Accounts that are not here are the host's business: a check of its own asks for them.
    newAccounts: [answers.user, answers.group, answers.nginxUser, answers.nginxGroup],
    ...{ tryConfig: async () => [], has: async () => true },
  }
}

async function siteTrial(trying: Trying, scratch: string): Promise<Trial> {
  const { answers, nginxFiles, path } = trying
  const openssl = await findProgram('openssl', path)
  const signal = AbortSignal.timeout(10_000)
  // The real key is for root only, and whether it fits is another check.
  const certificate =
    answers.tls === 'off' || openssl === null
      ? null
      : await makeCertificate(scratch, answers.domain, { openssl, signal })
  const moved = (content: string) => withCertificate(withoutPorts(content, scratch), certificate)
  return { ...trialOf(trying, scratch), wanted: [...nginxFiles].map(([file, content]) => fileOf(file, moved(content))) }
}

// nginx -t opens what it is to listen on: an ordinary user may not, and something else may be there already.
function withoutPorts(content: string, scratch: string): string {
  return content.replaceAll(
    /^(\s*listen\s+)([^\s;]+)/gm,
    (_all, start: string, address: string) => `${start}unix:${scratch}/${address.replaceAll(/[^\w]/g, '_')}.listen`,
  )
}

function withCertificate(content: string, made: CertificateFiles | null): string {
  if (made === null) return content
  const named = /^(\s*ssl_certificate(_key)?\s+)[^;]+;/gm
  return content.replaceAll(named, (_all, start: string, key) => `${start}${key ? made.key : made.certificate};`)
}

async function unitWords(trying: Trying, scratch: string): Promise<readonly string[]> {
  const { answers, units, root } = trying
  const files = units.map(([file, content]) => fileOf(file, content))
  const main = files.filter(({ path }) => /\/system\/[^/]+$/.test(path))
  if (main.length < 2) return [`${answers.name}.service and ${answers.name}.socket are not both there`]
  const words = await tryUnits(trialOf(trying, scratch), files)
  // A staging directory is not where programs are.
  return root === '' ? words : words.filter((line) => !/is not executable|Failed to prepare filename/.test(line))
}

async function ruleWords(trying: Trying, scratch: string): Promise<readonly string[]> {
  const path = `/etc/logrotate.d/${trying.answers.name}`
  const content = trying.text(path)
  return content === null ? [] : tryRules(trialOf(trying, scratch), [fileOf(path, content)])
}

/** What is wrong with the config file by itself. */
export function configWords({ answers, text }: Pick<Trying, 'answers' | 'text'>): readonly string[] {
  const { configFile } = placesOf(answers)
  try {
    const value: unknown = JSON.parse(text(configFile) ?? 'null')
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${configFile} holds no object`]
    const found = resolve(serverTable, serverRules, [fileSource(configFile, value as Record<string, unknown>)])
    return found.ok ? [] : found.complaints.map(formatComplaint)
  } catch (error) {
    return [`${configFile}: ${error instanceof Error ? error.message : String(error)}`]
  }
}

function fileOf(path: string, content: string): WantedFile {
  return { kind: 'file', path, content, mode: 0o644, user: 'root', group: 'root', keep: false, secret: false }
}
