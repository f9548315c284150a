import type { BundleFile } from '../../bundle/bundle-file.ts'
import { placesOf } from '../../bundle/places.ts'
import { Failure } from '../../contract/errors.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { findProgram } from '../programs.ts'
import type { Release } from '../release/bring-release.ts'
import { certbotLater } from './certbot.ts'
import { createDisk, type Disk } from './disk.ts'
import { type Host, nginxUnit } from './host.ts'
import { withoutWhat } from './obstacles.ts'
import { planDeployment } from './plan.ts'
import { planRemoval } from './plan-removal.ts'
import { type HostQuestion, readHost } from './read-host.ts'
import { createRunner, type Run } from './run-command.ts'
import { authorityFiles, defaultSite, homesOf, wantsOf } from './site-wants.ts'
import type { State } from './state.ts'
import type { Plan } from './step.ts'
import { openStore, type Store } from './store.ts'
import { pathsOf, type Wanted } from './wanted.ts'

export type Request = {
  readonly kind: 'deploy' | 'rollback' | 'uninstall' | 'release'
  /** The link that a release is switched by, and where it is to lead. */
  readonly release: Release | null
  readonly answers: SiteAnswers
  /** The bundle as it stands; not used when something installed is gone back to. */
  readonly files: readonly BundleFile[]
  /** Empty for this host, or a staging directory. */
  readonly root: string
  readonly isRoot: boolean
  /** Where programs are. */
  readonly path: string
  readonly withoutDefaultSite: boolean
  readonly now: Date
}

/** What a deployment would do, and with what. */
export type Survey = {
  readonly request: Request
  readonly plan: Plan
  /** What is deployed: the answers and wishes of the request, or those of an earlier deployment. */
  readonly answers: SiteAnswers
  readonly wanted: readonly Wanted[]
  readonly state: State | null
  readonly host: Host
  readonly disk: Disk
  readonly store: Store
  readonly run: Run
  readonly question: HostQuestion
}

/** Looks at the host and plans. Nothing is changed. Throws BUNDLE_MISSING when there is nothing to go back to. */
export async function survey(request: Request): Promise<Survey> {
  const { root, isRoot, path, now } = request
  const [disk, run] = [createDisk(root, isRoot), createRunner(path)]
  const store = openStore(root, request.answers.name)
  const state = store.state()
  const { answers, wanted } = aimOf(request, state, disk)
  const { user, group, nginxUser, nginxGroup, name } = answers
  const before = [...(state?.current.wanted ?? []).flatMap(pathsOf), ...Object.keys(state?.originals ?? {})]
  const question: HostQuestion = {
    ...{ root, owns: isRoot, disk, run, now },
    paths: [...new Set([...wanted.flatMap(pathsOf), ...before, defaultSite, ...homesOf(answers)])],
    users: [...new Set(['root', user, nginxUser])],
    groups: [...new Set(['root', user, group, nginxGroup])],
    units: [`${name}.socket`, `${name}.service`, nginxUnit],
    certificates: wanted.filter((one) => one.kind === 'certificate'),
    needed: [answers.node, answers.tsicorn, answers.workingDirectory, ...secretsOf(answers)],
  }
  const host = await readHost(question)
  const hasSysusers = (await findProgram('systemd-sysusers', path)) !== null
  const plan =
    request.kind === 'uninstall' && state !== null
      ? planRemoval(state, host)
      : planDeployment({ kind: request.kind, answers, wanted, state, hasSysusers }, host)
  const whole = request.kind === 'uninstall' ? plan : withoutWhat(plan, { answers, host, request })
  const isAsked = request.kind === 'deploy' && host.serves && (await findProgram('certbot', path)) !== null
  const afterwards = isAsked ? certbotLater(answers) : []
  return { request, plan: { ...whole, afterwards }, answers, wanted, state, host, disk, store, run, question }
}

type Aim = Pick<Survey, 'answers' | 'wanted'>

function aimOf(request: Request, state: State | null, disk: Disk): Aim {
  const { kind, answers, files, root, withoutDefaultSite } = request
  if (kind === 'uninstall') {
    if (state === null) throw notInstalled(answers.name)
    return state.current
  }
  if (request.release !== null) {
    if (state === null) throw notInstalled(answers.name)
    return { answers: state.current.answers, wanted: withRelease(state.current.wanted, request.release) }
  }
  if (kind === 'rollback') {
    const [earlier] = state?.earlier ?? []
    if (state === null) throw notInstalled(answers.name)
    if (earlier !== undefined) return earlier
    throw new Failure(
      'BUNDLE_MISSING',
      `there is no deployment of ${answers.name} before number ${state.current.number}`,
      {
        fix: 'tsicorn deploy --uninstall removes the site.',
      },
    )
  }
  const authorized = disk.look(authorityFiles(answers).certificate).kind !== 'absent'
  // Once given up for this site, the default site stays given up.
  const gone = state?.current.wanted.some((one) => one.kind === 'absent' && one.path === defaultSite) ?? false
  const circumstances = { authorized, staged: root !== '', withoutDefaultSite: withoutDefaultSite || gone }
  const wanted = wantsOf(answers, files, circumstances)
  const served = state?.current.wanted.find((one) => one.kind === 'link' && one.path === answers.workingDirectory)
  return { answers, wanted: served === undefined ? wanted : [...wanted, served] }
}

function withRelease(wanted: readonly Wanted[], { link: path, target }: Release): readonly Wanted[] {
  return [...wanted.filter((one) => one.kind !== 'link' || one.path !== path), { kind: 'link', path, target }]
}

/** The files of the secrets that the service is given: it does not start without one of them. */
function secretsOf(answers: SiteAnswers): readonly string[] {
  return answers.credentials.map((name) => `${placesOf(answers).credentials}/${name}`)
}

function notInstalled(name: string): Failure {
  return new Failure('BUNDLE_MISSING', `tsicorn has installed no site ${name} here`, {
    fix: 'As root one sees more: what is installed is readable by root only.',
  })
}
