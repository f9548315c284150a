import { lstatSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { type BundleFile, renderBundle, siteFileName } from '../../bundle/render.ts'
import { Failure } from '../../contract/errors.ts'
import { proxies } from '../../settings/proxies.ts'
import { readSite } from '../../settings/site-answers.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { supervisors } from '../../settings/supervisors.ts'
import type { Context } from '../context.ts'
import { answersOf, bundleDirectory } from '../init/gather.ts'
import { readJsonObject } from '../init/read-json.ts'

/** A bundle as it stands in a project. */
export type Bundle = {
  readonly directory: string
  readonly answers: SiteAnswers
  readonly files: readonly BundleFile[]
  /** Files that are not as they were rendered: they are installed as they stand, and the operator should know. */
  readonly changed: readonly string[]
}

/** Reads the bundle of a project. Throws BUNDLE_MISSING when there is none or a file of it is not there. */
export async function loadBundle(directory: string | undefined, { cwd }: Pick<Context, 'cwd'>): Promise<Bundle> {
  const project = resolve(cwd, directory ?? '.')
  const bundle = join(project, bundleDirectory)
  const path = join(bundle, siteFileName)
  const values = await readJsonObject(path)
  if (values === null) throw missing(path)
  const answers = answersOf(readSite(values, path))
  needUsualParts(answers, bundle)
  const rendered = renderBundle(answers).filter((file) => file.path.startsWith('etc/'))
  const files = rendered.map((file) => ({ ...file, content: readFile(join(bundle, file.path)) }))
  const changed = files.filter((file, index) => file.content !== rendered[index]?.content)
  return { directory: project, answers, files, changed: changed.map((file) => relative(cwd, join(bundle, file.path))) }
}

// Root reads here what somebody else may have written: a link would show it any file of the host.
function readFile(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw missing(path)
  if (!stats.isFile()) throw new Failure('NOT_TRUSTED', `${path}: expected a file, found something else`)
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Failure('NOT_PERMITTED', `${path} cannot be read by this user`, { fix: 'Nothing was changed.', cause })
  }
}

function needUsualParts({ proxy, supervisor }: SiteAnswers, bundle: string): void {
  const fix = `Nothing was changed. ${join(bundle, 'RUNBOOK.md')} has the commands.`
  const { title } = supervisors[supervisor]
  if (supervisor !== 'systemd')
    throw new Failure(
      'HOST_UNFIT',
      `tsicorn deploy installs services of systemd, and this site is started by ${title}`,
      {
        fix,
      },
    )
  if (proxy === 'nginx') return
  const front = proxies[proxy].title
  throw new Failure('HOST_UNFIT', `tsicorn deploy installs sites behind nginx, and this one is behind ${front}`, {
    fix,
  })
}

function missing(path: string): Failure {
  return new Failure('BUNDLE_MISSING', `expected a bundle, and there is no ${path}`, {
    fix: 'tsicorn init writes it. Nothing was changed.',
  })
}
