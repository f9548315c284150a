import { spreadOf } from './figures.ts'

/** What was measured of one contender, once a round. */
export type Measure = {
  readonly what: string
  readonly who: string
  readonly unit: string
  readonly samples: readonly number[]
}

/** What is promised: a median no less, or no more, than this. */
export type Goal = { readonly least: number } | { readonly most: number }

/** A claim: one figure, or the ratio of two contenders in the same round. */
export type Claim = {
  readonly what: string
  readonly unit: string
  readonly samples: readonly number[]
  readonly goal: Goal | null
}

export type Part = {
  readonly id: string
  readonly title: string
  readonly notes: readonly string[]
  readonly measures: readonly Measure[]
  readonly claims: readonly Claim[]
  /** Why there are no figures. */
  readonly missing?: string
}

export type Report = {
  readonly machine: string
  readonly versions: readonly string[]
  readonly skipped: readonly string[]
  readonly quick: boolean
  readonly minutes: number
  readonly parts: readonly Part[]
}

export function isMet({ samples, goal }: Claim): boolean | null {
  if (goal === null || samples.length === 0) return null
  const { median } = spreadOf(samples)
  return 'least' in goal ? median >= goal.least : median <= goal.most
}

type Subject = { readonly what: string; readonly unit: string }

/** Collects what a part measures, in the order in which it is first heard of. */
export class Ledger {
  readonly #measures: { what: string; who: string; unit: string; samples: number[] }[] = []
  readonly claims: Claim[] = []

  get measures(): readonly Measure[] {
    return this.#measures
  }

  add({ what, unit }: Subject, who: string, value: number): void {
    const known = this.#measures.find((one) => one.what === what && one.who === who && one.unit === unit)
    if (known === undefined) this.#measures.push({ what, who, unit, samples: [value] })
    else known.samples.push(value)
  }

  samples({ what, unit }: Subject, who: string): readonly number[] {
    return this.#measures.find((one) => one.what === what && one.who === who && one.unit === unit)?.samples ?? []
  }

  /** Claims something of how one contender compares with another, round by round. Nothing where one of them is missing. */
  compare(subject: Subject, [who, to]: readonly [string, string], goal: Goal | null): void {
    const [ours, theirs] = [this.samples(subject, who), this.samples(subject, to)]
    const samples = ours.slice(0, theirs.length).map((value, round) => value / (theirs[round] ?? Number.NaN))
    if (samples.length > 0)
      this.claims.push({ what: `${subject.what}, ${subject.unit}: ${who} / ${to}`, unit: '', samples, goal })
  }

  /** Claims something of the figures themselves. */
  claim(what: string, unit: string, samples: readonly number[], goal: Goal | null): void {
    if (samples.length > 0) this.claims.push({ what, unit, samples, goal })
  }
}
