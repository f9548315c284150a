import { posix } from 'node:path'
import { siteFileName } from '../../bundle/render.ts'
import { Failure } from '../../contract/errors.ts'
import { formatComplaint } from '../../settings/complaint.ts'
import { fileSource } from '../../settings/file-source.ts'
import { flagSource } from '../../settings/flags.ts'
import type { Complaint, Source } from '../../settings/resolve.ts'
import { asWritten, chosenAnswers, readSite, type Settled, settleAnswers } from '../../settings/site-answers.ts'
import { type SiteAnswers, siteTable } from '../../settings/site-table.ts'
import type { Context } from '../context.ts'
import { detectAnswers } from './detect.ts'
import { workerCount } from './detect-host.ts'
import { readJsonObject } from './read-json.ts'

export type Request = {
  /** The project, an absolute path. */
  readonly directory: string
  /** As commander gives them. */
  readonly flags: Readonly<Record<string, unknown>>
}

/** The folder of a project that the bundle is written to. */
export const bundleDirectory = 'deploy'

/**
 * All that is known about a site before anybody is asked, weakest first: what this machine and the project look like,
 * the `tsicorn` object of package.json, the answers of an earlier init, the answers file, the flags.
 */
export async function gatherSources({ directory, flags }: Request, context: Context): Promise<readonly Source[]> {
  const given = [
    ...(await manifestSource(posix.join(directory, 'package.json'))),
    ...(await earlierSource(earlierLabel(directory))),
    ...(await answersSource(flags['answers'], context.cwd)),
    flagSource(siteTable, withNumber(flags)),
  ]
  const found = await detectAnswers(posix.resolve(directory, textOf(given, 'workingDirectory', '.')), context)
  const behindNginx = textOf(given, 'proxy', 'nginx') === 'nginx'
  return [fileSource('this machine', behindNginx ? found : withoutNginx(found)), ...given]
}

/** What the answers of an earlier init are called. */
export function earlierLabel(directory: string): string {
  return posix.join(directory, bundleDirectory, siteFileName)
}

/** What `init --yes` without flags would answer for a project. Throws Failure when it would refuse. */
export async function gatherAnswers(directory: string, context: Context): Promise<SiteAnswers> {
  const sources = await gatherSources({ directory, flags: {} }, context)
  return answersOf(settleAnswers(sources, directory))
}

/** The answers, or a Failure that lists every complaint. */
export function answersOf(settled: Settled): SiteAnswers {
  if (settled.ok) return settled.answers
  throw refusal(settled.complaints)
}

/** One failure for all complaints, a line each. */
export function refusal(complaints: readonly Complaint[]): Failure {
  const lines = complaints.map(formatComplaint)
  const heading = lines.length === 1 ? [] : [`${lines.length} answers cannot be used`]
  return new Failure('ANSWERS_INVALID', [...heading, ...lines].join('\n'), { fix: 'Nothing was written.' })
}

async function manifestSource(path: string): Promise<readonly Source[]> {
  const answers = (await readJsonObject(path))?.['tsicorn']
  if (answers === undefined) return []
  const label = `"tsicorn" in ${path}`
  if (typeof answers === 'object' && answers !== null && !Array.isArray(answers))
    return [fileSource(label, answers as Record<string, unknown>)]
  throw new Failure('ANSWERS_INVALID', `${label}: expected an object of answers`)
}

async function earlierSource(path: string): Promise<readonly Source[]> {
  const values = await readJsonObject(path)
  return values === null ? [] : [fileSource(path, asWritten(chosenAnswers(answersOf(readSite(values, path)))))]
}

async function answersSource(file: unknown, cwd: string): Promise<readonly Source[]> {
  if (typeof file !== 'string') return []
  const path = posix.resolve(cwd, file)
  const values = await readJsonObject(path)
  if (values === null) throw new Failure('CONFIG_UNREADABLE', `there is no answers file ${path}`)
  return [fileSource(path, values)]
}

// `auto` is what serve calls it; nginx needs a socket for each worker, so here it becomes a number.
function withNumber(flags: Request['flags']): Request['flags'] {
  const given = flags['workers']
  return Array.isArray(given) && given.at(-1) === 'auto' ? { ...flags, workers: [String(workerCount())] } : flags
}

function textOf(sources: readonly Source[], name: 'workingDirectory' | 'proxy', otherwise: string): string {
  const values = sources.flatMap(({ values: { [name]: raw } }) => (raw === undefined ? [] : [raw]))
  const last = values.at(-1)
  const text = last !== undefined && 'texts' in last ? last.texts.at(-1) : last?.value
  return typeof text === 'string' && siteTable[name].kind.parse(text).ok ? text : otherwise
}

// What nginx here is like says nothing about another proxy.
function withoutNginx({
  nginxUser: _user,
  nginxGroup: _group,
  defaultServer: _isDefault,
  ...found
}: Partial<SiteAnswers>): Partial<SiteAnswers> {
  return found
}
