import { renderBundle } from '../../../../src/bundle/render.ts'
import type { Host } from '../../../../src/deploy/install/host.ts'
import { planDeployment } from '../../../../src/deploy/install/plan.ts'
import { homesOf, wantsOf } from '../../../../src/deploy/install/site-wants.ts'
import type { State } from '../../../../src/deploy/install/state.ts'
import { commandsOf, type Plan } from '../../../../src/deploy/install/step.ts'
import type { Found, Wanted } from '../../../../src/deploy/install/wanted.ts'
import { completeAnswers, type SiteAnswers } from '../../../../src/settings/site-table.ts'

/** A host with nginx and nothing else on it. */
export function emptyHost(more: Partial<Host> = {}): Host {
  const active = { active: 'active', enabled: true, stale: false }
  return {
    found: new Map(),
    users: new Map([
      ['root', 0],
      ['www-data', 33],
    ]),
    groups: new Map([
      ['root', 0],
      ['www-data', 33],
    ]),
    units: new Map([['nginx.service', active]]),
    certificates: new Map(),
    lacks: [],
    serves: true,
    owns: true,
    staged: false,
    ...more,
  }
}

/** The answers of a site named shop, with others beside them. */
export function shop(more: Partial<SiteAnswers> = {}): SiteAnswers {
  return completeAnswers({ name: 'shop', domain: ['shop.example.com'], tls: 'off', ...more })
}

export function wantsFor(answers: SiteAnswers): readonly Wanted[] {
  const circumstances = { authorized: false, withoutDefaultSite: false, staged: false }
  return wantsOf(answers, renderBundle(answers), circumstances)
}

/** The host once all that is wanted stands on it, and what is remembered of that. */
export function installed(answers: SiteAnswers): { readonly host: Host; readonly state: State } {
  const wanted = wantsFor(answers)
  const ids = (group: string) => (group === 'root' ? 0 : group === 'www-data' ? 33 : 900)
  const found = new Map<string, Found>()
  for (const one of wanted) {
    if (one.kind === 'file')
      found.set(one.path, fileOf(one.content, { mode: one.mode, uid: ids(one.user), gid: ids(one.group) }))
    if (one.kind === 'link') found.set(one.path, { kind: 'link', target: one.target })
    if (one.kind === 'directory')
      found.set(one.path, { kind: 'directory', mode: one.mode, uid: ids(one.user), gid: ids(one.group) })
  }
  const active = { active: 'active', enabled: true, stale: false }
  const units = ['shop.socket', 'shop.service', 'nginx.service'].map((unit) => [unit, active] as const)
  const base = emptyHost()
  return {
    host: {
      ...base,
      found,
      units: new Map(units),
      users: new Map([...base.users, ['shop', 900]]),
      groups: new Map([...base.groups, ['shop', 900]]),
    },
    state: {
      ...{ version: 1, change: 'a', earlier: [], users: ['shop'], groups: ['shop'], last: 1 },
      current: { number: 1, at: '2026-01-01T00:00:00.000Z', answers, wanted },
      originals: Object.fromEntries([...found.keys(), ...homesOf(answers)].map((path) => [path, { kind: 'absent' }])),
    },
  }
}

export function fileOf(text: string, owner: { mode: number; uid: number; gid: number }): Found {
  return { kind: 'file', base64: Buffer.from(text).toString('base64'), ...owner }
}

export function planFor(answers: SiteAnswers, host: Host, state: State | null = null): Plan {
  return planDeployment({ kind: 'deploy', answers, wanted: wantsFor(answers), state, hasSysusers: true }, host)
}

/** What a plan tells programs, as a person would type it. */
export function toldBy({ steps }: Plan): readonly string[] {
  return steps.flatMap((step) =>
    step.kind === 'command' || step.kind === 'sockets' ? commandsOf(step).map((command) => command.join(' ')) : [],
  )
}
