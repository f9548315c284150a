import { proxies } from './proxies.ts'
import type { ConfigOf, Setting, SettingsTable } from './setting.ts'
import { siteFront } from './site-front.ts'
import { siteParts } from './site-parts.ts'
import { sitePlaces } from './site-places.ts'
import { siteQuestions } from './site-questions.ts'
import { siteService } from './site-service.ts'
import { supervisors } from './supervisors.ts'

/** Everything the files around a server are made from. Flags, site.json and questions of init derive from it. */
export const siteTable = {
  ...siteQuestions,
  ...siteParts,
  ...siteFront,
  ...siteService,
  ...sitePlaces,
} as const satisfies SettingsTable

/** The answers for one site, complete: what a default takes from other answers is filled in. */
export type SiteAnswers = ConfigOf<typeof siteTable>

// Reserved by RFC 2606, RFC 6761, RFC 6762 and ICANN: no certificate authority signs for them.
const privateName = /(?:^|\.)(?:localhost|test|example|invalid|local|internal|home\.arpa)$/

/** The row of an answer, for code that treats all answers alike. */
export function siteRow(name: keyof SiteAnswers): Setting<unknown, unknown> {
  const rows: { readonly [Name in keyof SiteAnswers]: SettingsTable[string] } = siteTable
  return rows[name]
}

/** Completes what was given with the defaults, which may depend on it. Same answers in, same answers out. */
export function completeAnswers(given: Partial<SiteAnswers>): SiteAnswers {
  const answers: Record<string, unknown> = {}
  for (const [name, row] of Object.entries(siteTable)) answers[name] = row.default
  const { logs, memory } = supervisors[given.supervisor ?? siteTable.supervisor.default]
  Object.assign(answers, { tls: defaultTls(given.domain ?? siteTable.domain.default), logs, memory })
  for (const [name, value] of Object.entries(given)) if (value !== undefined) answers[name] = value
  const byDefault = Object.keys(siteTable).filter((name) => given[name as keyof SiteAnswers] === undefined)
  for (const name of byDefault) answers[name] = fill(answers[name], answers)
  return answers as SiteAnswers
}

/** Whether the default of an answer depends on other answers. */
export function isDerived(name: keyof SiteAnswers): boolean {
  const { default: value } = siteTable[name]
  return ['tls', 'logs', 'memory'].includes(name) || (typeof value === 'string' && value.includes('{'))
}

function defaultTls(domain: readonly string[]): SiteAnswers['tls'] {
  return isProvable(domain) ? 'letsencrypt' : 'self-signed'
}

/** Whether no certificate authority signs for a name. */
export function isPrivateName(name: string): boolean {
  return !name.includes('.') || privateName.test(name)
}

function fill(value: unknown, answers: Readonly<Record<string, unknown>>): unknown {
  if (typeof value !== 'string') return value
  const known = { ...answers, ...proxies[answers['proxy'] as SiteAnswers['proxy']] }
  return value.replace(/\{(\w+)\}/g, (_match, name: string) => String(fill(known[name as keyof typeof known], answers)))
}

/**
 * Whether an authority can be shown over http that all names are ours. Private names it does not sign for, and proving a
 * wildcard takes a DNS record.
 */
export function isProvable(domain: readonly string[]): boolean {
  return domain.every((name) => !isPrivateName(name) && !name.startsWith('*.'))
}
