import { readMark } from '../../bundle/mark.ts'
import { socketPaths } from '../../bundle/places.ts'
import { compare, installedText } from './compare.ts'
import { foundAt, type Host } from './host.ts'
import { farewellSteps, forgetUnits } from './service-steps.ts'
import { authorityFiles, homesOf } from './site-wants.ts'
import type { State } from './state.ts'
import type { Conflict, Plan, RemoveStep, Step } from './step.ts'
import { type Found, textOf } from './wanted.ts'

/** Works out how a host becomes what it was before the first deployment of a site. */
export function planRemoval(state: State, host: Host): Plan {
  const { answers } = state.current
  const kept: string[] = []
  const steps = Object.entries(state.originals)
    // Files before the directories they stand in.
    .sort(([one], [other]) => (one < other ? 1 : -1))
    .flatMap(([path, leaves]): readonly RemoveStep[] => {
      const found = foundAt(host, path)
      if (isSame(found, leaves)) return []
      if (!isOperators(state, path, found)) return [{ kind: 'remove', path, found, leaves }]
      kept.push(path)
      return []
    })
  const isNginx = ({ path }: RemoveStep) => path.startsWith('/etc/nginx/')
  const [first, rest] = [steps.filter(isNginx), steps.filter((step) => !isNginx(step))]
  const [nginxWords, unitWords] = split(
    host.serves ? farewellSteps({ name: answers.name, sockets: socketPaths(answers) }, host) : [],
  )
  return {
    ...{ site: answers.name, kind: 'uninstall', conflicts: conflictsOf(state, host) },
    steps: [
      ...first,
      ...nginxWords,
      ...unitWords,
      ...rest,
      ...(host.serves ? [forgetUnits] : []),
      ...dismissal(state, host),
    ],
    afterwards: [],
    notes: [
      ...kept.map((path) => `${path} was filled in on this host and stays; remove it by hand when it is not needed.`),
      ...certificateNotes(state),
    ],
  }
}

function certificateNotes({ current: { answers, wanted } }: State): readonly string[] {
  const { certificate } = authorityFiles(answers)
  const isLinked = wanted.some((one) => one.kind === 'link' && one.target === certificate)
  return isLinked
    ? [`certbot keeps the certificate, and goes on renewing it; certbot delete --cert-name ${answers.name} ends that.`]
    : []
}

function split(steps: ReturnType<typeof farewellSteps>) {
  const isNginx = ({ command }: { readonly command: readonly string[] }) => command.join(' ').includes('nginx')
  return [steps.filter(isNginx), steps.filter((step) => !isNginx(step))] as const
}

/** The environment file holds what only the operator knows. */
function isOperators(state: State, path: string, found: Found): boolean {
  const file = state.current.wanted.find((one) => one.kind === 'file' && one.path === path)
  const text = textOf(found)
  const isOurs =
    text !== null && (text === (file?.kind === 'file' && file.content) || readMark(text)?.untouched === true)
  return file?.kind === 'file' && file.keep && !isOurs
}

function conflictsOf(state: State, host: Host): readonly Conflict[] {
  return state.current.wanted.flatMap((wanted) => {
    if (wanted.kind !== 'file' || wanted.keep) return []
    const found = textOf(foundAt(host, wanted.path))
    const installed = installedText(state, wanted.path)
    if (found === null || found === installed || compare(wanted, host, state).need === 'nothing') return []
    const words = 'was changed since it was installed'
    return [{ path: wanted.path, words, yields: true, installed, found, wanted: null }]
  })
}

function dismissal(state: State, host: Host): readonly Step[] {
  const users = state.users.filter((user) => host.users.has(user))
  const groups = state.groups.filter((group) => host.groups.has(group))
  return users.length + groups.length === 0 || !host.owns
    ? []
    : [{ kind: 'dismiss', users, groups, homes: homesOf(state.current.answers) }]
}

function isSame(found: Found, leaves: Found): boolean {
  if (found.kind === 'directory' && leaves.kind === 'directory')
    return found.mode === leaves.mode && found.uid === leaves.uid && found.gid === leaves.gid
  return JSON.stringify(found) === JSON.stringify(leaves)
}
