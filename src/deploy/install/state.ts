import type { SiteAnswers } from '../../settings/site-table.ts'
import type { Found, Wanted } from './wanted.ts'

/** One deployment as it was made, complete enough to be made again. */
export type Deployment = {
  readonly number: number
  /** When, in ISO 8601. */
  readonly at: string
  readonly answers: SiteAnswers
  readonly wanted: readonly Wanted[]
}

/** What is known of a site that is installed: /var/lib/tsicorn/NAME/state.json. */
export type State = {
  readonly version: 1
  /** The change that led here; a journal of the same id is over. */
  readonly change: string
  readonly current: Deployment
  /** Deployments one may go back to, the latest first. */
  readonly earlier: readonly Deployment[]
  /** What stood at each path before the first deployment. */
  readonly originals: Readonly<Record<string, Found>>
  /** Accounts that a deployment made. */
  readonly users: readonly string[]
  readonly groups: readonly string[]
  /** The highest number given so far. */
  readonly last: number
}

/** How many deployments one can go back. */
export const keptDeployments = 5
