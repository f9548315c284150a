import { withoutMark } from '../../bundle/mark.ts'
import { placesOf, socketPaths } from '../../bundle/places.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { accountSteps } from './account-steps.ts'
import { compare } from './compare.ts'
import { foundAt, type Host } from './host.ts'
import { type Changes, serviceSteps } from './service-steps.ts'
import type { State } from './state.ts'
import type { CertificateStep, Conflict, DirectoriesStep, Plan, PutStep, RemoveStep } from './step.ts'
import { pathsOf, textOf, type Wanted, type WantedDirectory } from './wanted.ts'

export type Order = {
  readonly kind: Plan['kind']
  readonly answers: SiteAnswers
  readonly wanted: readonly Wanted[]
  readonly state: State | null
  readonly hasSysusers: boolean
}

/** Works out what is to be done so that a host has what is wanted. Nothing is done, and nothing is looked at. */
export function planDeployment(order: Order, host: Host): Plan {
  const { kind, answers, wanted, state } = order
  const release = answers.workingDirectory
  const all = [...wanted, ...staleOf(order)]
  const { steps: files, conflicts } = compareFiles(all, { host, state, release })
  // What makes accounts and directories has to be there first.
  const isEarly = (step: PutStep | RemoveStep) => /^\/etc\/(?:sysusers|tmpfiles)\.d\//.test(pathOf(step))
  const certificates = certificateSteps(wanted, host)
  const placed = [
    ...files.filter(isEarly),
    ...(host.serves ? accountSteps(answers, host, order.hasSysusers) : []),
    ...directorySteps(answers, wanted, host),
    ...files.filter((step) => !isEarly(step)),
    ...certificates,
  ]
  const changes = changesOf(order, files, certificates.length > 0)
  const services = host.serves ? serviceSteps(changes, host) : []
  return { site: answers.name, kind, steps: [...placed, ...services], conflicts, notes: [], afterwards: [] }
}

type Files = { readonly steps: readonly (PutStep | RemoveStep)[]; readonly conflicts: readonly Conflict[] }

type Comparing = { readonly host: Host; readonly state: State | null; readonly release: string }

function compareFiles(wanted: readonly Wanted[], { host, state, release }: Comparing): Files {
  const steps: (PutStep | RemoveStep)[] = []
  const conflicts: Conflict[] = []
  for (const one of wanted) {
    if (one.kind === 'directory' || one.kind === 'certificate') continue
    const found = compare(one, host, state)
    if (found.need === 'way')
      conflicts.push({ path: one.path, words: found.words, yields: false, installed: null, found: null, wanted: null })
    if (found.need !== 'step') continue
    steps.push(found.step)
    if (found.conflict !== null && one.path !== release) conflicts.push(found.conflict)
  }
  return { steps, conflicts }
}

/** What an earlier deployment put in place and this one does not want any more. */
function staleOf({ wanted, state }: Order): readonly Wanted[] {
  if (state === null) return []
  const kept = new Set(wanted.flatMap(pathsOf))
  const before = state.current.wanted.filter(({ kind }) => kind === 'file' || kind === 'link')
  return before
    .flatMap(pathsOf)
    .filter((path) => !kept.has(path))
    .map((path) => ({ kind: 'absent', path }))
}

function certificateSteps(wanted: readonly Wanted[], host: Host): readonly CertificateStep[] {
  return wanted.flatMap((one) => {
    if (one.kind !== 'certificate') return []
    const problems = host.certificates.get(one.certificate) ?? []
    return problems.length === 0 ? [] : [{ kind: 'certificate', wanted: one, why: problems.join('; ') } as const]
  })
}

function directorySteps(answers: SiteAnswers, wanted: readonly Wanted[], host: Host): readonly DirectoriesStep[] {
  const directories = wanted
    .filter((one) => one.kind === 'directory')
    .map((one) => ({ wanted: one, found: foundAt(host, one.path) }))
    .filter((pair) => !isSettled(pair.wanted, host))
  if (directories.length === 0) return []
  const command = host.staged ? null : ['systemd-tmpfiles', '--create', `/etc/tmpfiles.d/${answers.name}.conf`]
  return [{ kind: 'directories', directories, command }]
}

function isSettled({ path, mode, user, group }: WantedDirectory, host: Host): boolean {
  const found = foundAt(host, path)
  if (found.kind !== 'directory' || found.mode !== mode) return false
  return !host.owns || (found.uid === host.users.get(user) && found.gid === host.groups.get(group))
}

function changesOf(order: Order, files: readonly (PutStep | RemoveStep)[], certificate: boolean): Changes {
  const { answers, wanted } = order
  const { configFile, envFile, siteFile, enabledSite } = placesOf(answers)
  const changed = new Map(files.filter(hasEffect).map((step) => [pathOf(step), step]))
  const unit = (ending: string) => changed.get(`/etc/systemd/system/${answers.name}.${ending}`)
  const nginxPaths = [siteFile, enabledSite ?? siteFile, answers.certificate, answers.certificateKey]
  const stands = (path: string) =>
    path.startsWith('/etc/nginx/') || path.startsWith(`${answers.nginxDirectory}/`) || nginxPaths.includes(path)
  const [config, env] = [changed.get(configFile), changed.get(envFile)]
  const after = wanted.find((one) => one.kind === 'file' && one.path === configFile)
  const text = after?.kind === 'file' ? after.content : ''
  const before = config === undefined ? text : (textOf(config.found) ?? '')
  return {
    ...{ name: answers.name, sockets: socketPaths(answers) },
    ...{
      service: unit('service') !== undefined,
      socket: textsOf(unit('socket')),
      unitFiles: files.some((step) => isUnit(pathOf(step), answers.name)),
    },
    config: config !== undefined || env !== undefined ? { before, after: text } : null,
    // The working directory is a link to a release, and was switched.
    release: changed.has(answers.workingDirectory),
    nginx: certificate || [...changed.keys()].some(stands),
  }
}

/** A file that says the same but for who wrote it brings no service to anything. */
function hasEffect(step: PutStep | RemoveStep): boolean {
  if (step.kind === 'remove' || step.wanted.kind === 'link' || step.change !== 'change') return true
  return withoutMark(textOf(step.found) ?? '') !== withoutMark(step.wanted.content)
}

function textsOf(step: PutStep | RemoveStep | undefined): Changes['socket'] {
  if (step?.kind !== 'put' || step.wanted.kind !== 'file') return null
  return { before: textOf(step.found) ?? '', after: step.wanted.content }
}

function isUnit(path: string, name: string): boolean {
  return path === `/etc/systemd/system/${name}.service` || path === `/etc/systemd/system/${name}.socket`
}

function pathOf(step: PutStep | RemoveStep): string {
  return step.kind === 'put' ? step.wanted.path : step.path
}
