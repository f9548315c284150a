import { posix } from 'node:path'
import { anchor } from './anchor.ts'
import { fileSource } from './file-source.ts'
import { type Complaint, resolve, type Source } from './resolve.ts'
import { siteRules } from './site-rules.ts'
import { completeAnswers, isDerived, type SiteAnswers, siteRow, siteTable } from './site-table.ts'

export type Settled =
  | { readonly ok: true; readonly answers: SiteAnswers }
  | { readonly ok: false; readonly complaints: readonly Complaint[] }

/**
 * Settles the answers for one site, or returns all that is wrong with them. A relative working directory is taken from
 * `directory`, other relative paths from the working directory; without a directory, relative paths are wrong.
 */
export function settleAnswers(sources: readonly Source[], directory: string | null): Settled {
  return settle({ sources, directory, ruled: true })
}

/** The answers as they stand while more of them are to come: each is right by itself, and no rule is asked yet. */
export function presentAnswers(sources: readonly Source[], directory: string): Settled {
  return settle({ sources, directory, ruled: false })
}

type Settling = { readonly sources: readonly Source[]; readonly directory: string | null; readonly ruled: boolean }

function settle({ sources, directory, ruled }: Settling): Settled {
  const complete = (config: SiteAnswers, isGiven: (name: keyof SiteAnswers) => boolean) => {
    const given = Object.entries(config).filter(([name]) => isGiven(name as keyof SiteAnswers))
    return completeAnswers(anchorAnswers(Object.fromEntries(given), directory))
  }
  const resolution = resolve(siteTable, ruled ? siteRules(complete) : [], sources)
  if (!resolution.ok) return resolution
  const { config, provenance } = resolution
  return { ok: true, answers: complete(config, (name) => provenance[name]?.layer !== 'default') }
}

/** Reads what a site.json says. The label names the file in complaints. */
export function readSite(value: unknown, label: string): Settled {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return settleAnswers([fileSource(label, value as Record<string, unknown>)], null)
  return {
    ok: false,
    complaints: [{ source: label, setting: '', expected: 'an object of answers', got: '', hint: '' }],
  }
}

/** What a site.json holds: every answer, so that a later version with other defaults renders the same site. */
export function writeSite(answers: SiteAnswers): string {
  const inOrder = Object.keys(siteTable).map((name) => [name, answers[name as keyof SiteAnswers]])
  return `${JSON.stringify(asWritten(Object.fromEntries(inOrder)), null, 2)}\n`
}

/** Answers as a person would write them: a value that would be read back as another, such as a time, is text. */
export function asWritten(answers: Partial<SiteAnswers>): Readonly<Record<string, unknown>> {
  const written = Object.entries(answers).map(([name, value]) => {
    const { kind } = siteRow(name as keyof SiteAnswers)
    const reading = kind.accept(value)
    const isSame = reading.ok && JSON.stringify(reading.value) === JSON.stringify(value)
    return [name, isSame ? value : kind.format(value)]
  })
  return Object.fromEntries(written)
}

/**
 * The answers of a site without those that follow from others: a new name then gives new directories. What follows from
 * nothing else stays, so that a site does not change because the machine it is written on has.
 */
export function chosenAnswers(answers: SiteAnswers): Partial<SiteAnswers> {
  const entries = Object.entries(answers)
  const chosen = entries.filter(([name, value]) => {
    if (!isDerived(name as keyof SiteAnswers)) return true
    const others = completeAnswers(Object.fromEntries(entries.filter(([other]) => other !== name)))
    return others[name as keyof SiteAnswers] !== value
  })
  return Object.fromEntries(chosen)
}

function anchorAnswers(given: Partial<SiteAnswers>, directory: string | null): Partial<SiteAnswers> {
  if (directory === null) return given
  const base = posix.resolve(directory, given.workingDirectory ?? '.')
  const placed = given.workingDirectory === undefined ? given : { ...given, workingDirectory: base }
  return anchor(siteTable, placed as SiteAnswers, base)
}
