import type { Journal } from './journal.ts'
import { type Deployment, keptDeployments, type State } from './state.ts'
import type { Found } from './wanted.ts'

/** The state after a deployment. What stood at each path is remembered the first time it is touched. */
export function stateAfter(state: State | null, deployment: Omit<Deployment, 'number'>, journal: Journal): State {
  const number = (state?.last ?? 0) + 1
  const earlier = state === null ? [] : [state.current, ...state.earlier].slice(0, keptDeployments)
  return { ...carried(state, journal), current: { ...deployment, number }, earlier, last: number }
}

/** The state after going back: to the deployment before, with those before it behind it. */
export function stateBack(state: State, journal: Journal): State {
  const [current, ...earlier] = state.earlier
  if (current === undefined) throw new Error('there is no deployment to go back to')
  return { ...carried(state, journal), current, earlier, last: state.last }
}

function carried(
  state: State | null,
  journal: Journal,
): Pick<State, 'version' | 'change' | 'originals' | 'users' | 'groups'> {
  const before: readonly (readonly [string, Found])[] = journal.undo.flatMap(({ paths }) =>
    paths.map(({ path, before: found }) => [path, found] as const),
  )
  const add = (known: readonly string[], made: readonly string[]) => [...new Set([...known, ...made])]
  return {
    ...{ version: 1, change: journal.change },
    originals: { ...Object.fromEntries(before), ...state?.originals },
    users: add(
      state?.users ?? [],
      journal.undo.flatMap(({ users }) => users),
    ),
    groups: add(
      state?.groups ?? [],
      journal.undo.flatMap(({ groups }) => groups),
    ),
  }
}
