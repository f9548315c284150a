import { posix } from 'node:path'
import type { SiteAnswers } from '../../settings/site-table.ts'
import type { Context } from '../context.ts'
import { detectHost } from './detect-host.ts'
import { detectProject } from './detect-project.ts'
import { readJsonObject } from './read-json.ts'

/** The default of every answer that can be found by looking at the folder of an application and at this machine. */
export async function detectAnswers(directory: string, context: Pick<Context, 'env'>): Promise<Partial<SiteAnswers>> {
  const manifest = (await readJsonObject(posix.join(directory, 'package.json'))) ?? {}
  return { ...(await detectHost(context)), ...detectProject(directory, manifest) }
}
