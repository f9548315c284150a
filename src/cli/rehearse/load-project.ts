import { access, readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { withoutMark } from '../../bundle/mark.ts'
import { placesOf } from '../../bundle/places.ts'
import { renderBundle, siteFileName } from '../../bundle/render.ts'
import { Failure } from '../../contract/errors.ts'
import type { RehearsalOrder } from '../../deploy/rehearsal.ts'
import { readSite } from '../../settings/site-answers.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import type { Context } from '../context.ts'
import { answersOf, bundleDirectory, gatherAnswers } from '../init/gather.ts'
import { readJsonObject } from '../init/read-json.ts'

/** The site to rehearse. */
export type Project = {
  readonly site: SiteAnswers
  /** Where the answers come from, in words. */
  readonly from: string
  readonly order: Pick<RehearsalOrder, 'site' | 'workingDirectory' | 'environmentFile'>
  /** How what is rehearsed differs from what lies there. */
  readonly notes: readonly string[]
}

/**
 * Reads the bundle of a project; without one, what `init --yes` would write is taken.
 * Throws BUNDLE_MISSING when there is no such directory, ANSWERS_INVALID with all complaints about the answers.
 */
export async function loadProject(directory: string | undefined, context: Context): Promise<Project> {
  const top = resolve(context.cwd, directory ?? '.')
  if (!(await exists(top)))
    throw new Failure('BUNDLE_MISSING', `expected a project in ${top}, there is no such directory`)
  const shown = show(top, context.cwd)
  const bundle = join(top, bundleDirectory)
  const path = join(bundle, siteFileName)
  const values = await readJsonObject(path)
  const site = values === null ? await gatherAnswers(top, context) : answersOf(readSite(values, path))
  const here = await exists(site.workingDirectory)
  const elsewhere = `${site.workingDirectory} is not on this machine: the application is taken from ${shown}.`
  const written = values === null ? [] : await driftNotes(bundle, site, context.cwd)
  return {
    site,
    from: values === null ? `what \`tsicorn init ${shown} --yes\` would write` : show(path, context.cwd),
    notes: [...(here ? [] : [elsewhere]), ...written],
    order: {
      site,
      workingDirectory: here ? site.workingDirectory : top,
      environmentFile: await readEnvironment(join(bundle, placesOf(site).envFile)),
    },
  }
}

/** Files are rendered from the answers; what somebody changed in them since is not rehearsed, which has to be said. */
async function driftNotes(bundle: string, site: SiteAnswers, cwd: string): Promise<readonly string[]> {
  const notes: string[] = []
  const { envFile } = placesOf(site)
  const rehearsed = renderBundle(site).filter(({ path }) => path.startsWith('etc/') && `/${path}` !== envFile)
  for (const file of rehearsed) {
    const path = join(bundle, file.path)
    const found = await readFile(path, 'utf8').catch(() => file.content)
    if (withoutMark(found) !== withoutMark(file.content))
      notes.push(`${show(path, cwd)} was changed since it was written; the change is not rehearsed.`)
  }
  return notes
}

/** The file is the place for secrets, so it may be there and not for us. */
async function readEnvironment(path: string): Promise<string> {
  if (!(await exists(path))) return ''
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new Failure('CONFIG_UNREADABLE', `the environment of the application cannot be read: ${error.message}`)
  })
}

/** A path as a person would type it here. */
function show(path: string, cwd: string): string {
  const shorter = relative(cwd, path)
  return shorter.startsWith('..') ? path : shorter || '.'
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
