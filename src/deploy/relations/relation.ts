import type { SiteAnswers } from '../../settings/site-table.ts'
import { type Check, fail, type Layer, pass, type Verdict } from '../check.ts'
import { puttingAside } from '../inspect/drop-ins.ts'
import type { Setup } from '../inspect/setup.ts'

/** The parts of a setup that a relation reads. One that its own program refuses says nothing. */
export type Part = 'nginx' | 'units' | 'server' | 'rotation'

/** Something that must hold between the parts of a site, or within one: in its files, and in what is loaded. */
export type Relation = {
  /** The id without its layer. */
  readonly key: string
  readonly group: string
  readonly title: string
  readonly why: string
  readonly reads: readonly Part[]
  /** Why it does not concern a site with these answers, or null. */
  readonly exempt?: (answers: SiteAnswers) => string | null
  readonly judge: (setup: Setup) => Finding
}

/** What should be, and what is; the problems are empty where these agree. */
export type Finding = { readonly expected: string; readonly found: string; readonly ok: boolean }

/** What a layer has to offer so that relations can be judged in it. */
export type Source = { readonly answers: SiteAnswers; readonly setup: () => Promise<Setup> }

/** How a layer reads each part, in words, and the checks without which the part says nothing. */
export type Reading = Readonly<Record<Part, { readonly how: string; readonly needs: string }>>

/** The check of a relation in one layer. */
export function checkOf<Target extends Source>(relation: Relation, layer: Layer, reading: Reading): Check<Target> {
  const { key, group, title, why, reads, exempt } = relation
  return {
    ...{ id: `${layer === 'files' ? 'files' : 'loaded'}.${key}`, layer, group, title, why },
    how: [...new Set(reads.map((part) => reading[part].how))].join(', '),
    needs: [...new Set(reads.map((part) => reading[part].needs))],
    ...{ active: false, within: 10_000 },
    ...(exempt === undefined ? {} : { exempt: ({ answers }: Target) => exempt(answers) }),
    run: async (target) => {
      const setup = await target.setup()
      const finding = relation.judge(setup)
      return verdictOf(finding, finding.ok ? null : mendOf(relation, setup))
    },
  }
}

function verdictOf({ expected, found, ok }: Finding, fix: string | null): Verdict {
  return ok ? pass(expected, found) : fail(expected, found.trim() === '' ? 'nothing' : found, fix)
}

/** A deployment mends what it has written, and leaves lines of the operator alone: these are put aside. */
function mendOf(relation: Relation, setup: Setup): string {
  const wrong = setup.dropIns.find(({ without }) => relation.judge(without()).ok)
  return wrong === undefined ? setup.again : puttingAside(wrong.path, setup)
}

/** Right when what was found is what is expected, word for word. */
export function same(expected: string, found: string | null): Finding {
  return { expected, found: found === null || found === '' ? 'nothing' : found, ok: expected === found }
}

/** Right when nothing is wrong. */
export function unless(problems: readonly string[], expected: string): Finding {
  return { expected, found: problems.length === 0 ? expected : problems.join('; '), ok: problems.length === 0 }
}
