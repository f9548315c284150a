import type { SiteAnswers } from '../../settings/site-table.ts'
import { foundAt, type Host } from './host.ts'
import { defaultSite } from './site-wants.ts'
import type { Conflict, Plan } from './step.ts'

type Case = {
  readonly answers: SiteAnswers
  readonly host: Host
  readonly request: { readonly withoutDefaultSite: boolean; readonly root: string }
}

/** Adds to a plan what the host lacks and what stands in the way of a site, and what its operator should know. */
export function withoutWhat(plan: Plan, { answers, host, request }: Case): Plan {
  const obstacle = (path: string, words: string): Conflict => ({
    ...{ path, words, yields: false },
    ...{ installed: null, found: null, wanted: null },
  })
  const lacking = host.serves ? host.lacks.map((path) => obstacle(path, `${path} is not on this host`)) : []
  const unknown = [
    ...(host.users.has(answers.nginxUser) ? [] : [`the user ${answers.nginxUser}`]),
    ...(host.groups.has(answers.nginxGroup) ? [] : [`the group ${answers.nginxGroup}`]),
  ].map((what) => obstacle('nginx', `nginx should run as ${what}, which this host does not have`))
  const isThere = foundAt(host, defaultSite).kind !== 'absent'
  const removes = plan.steps.some((step) => step.kind === 'remove' && step.path === defaultSite)
  const claims = answers.defaultServer && isThere && !removes
  const words = `${defaultSite} answers for unknown names, as this site should; --disable-default-site gives it up`
  return {
    ...plan,
    conflicts: [
      ...plan.conflicts,
      ...lacking,
      ...(host.serves ? unknown : []),
      ...(claims ? [obstacle(defaultSite, words)] : []),
    ],
    notes: [...plan.notes, ...notesOn({ answers, host, request })],
  }
}

function notesOn({ answers, host, request }: Case): readonly string[] {
  const isThere = foundAt(host, defaultSite).kind !== 'absent'
  return [
    ...(isThere && !answers.defaultServer
      ? [`${defaultSite} stays, and answers for names that no site has; --disable-default-site gives it up.`]
      : []),
    ...(request.root !== '' ? stagedNotes(answers) : []),
  ]
}

function stagedNotes({ user, group, runtimeDirectory, tls }: SiteAnswers): readonly string[] {
  const certificate = tls === 'off' ? [] : [`the certificate (nginx does not start without it)`]
  const missing = [`the accounts ${[...new Set([user, group])].join(' and ')} (systemd-sysusers makes them at boot)`]
  const later = [...missing, `${runtimeDirectory} (systemd-tmpfiles makes it at boot)`, ...certificate]
  return [
    `Staged: files, directories of root, and the links that start the units at boot. Not made here: ${later.join(', ')}, the application and its dependencies. tsicorn deploy on the host itself makes what is missing, and asks the site.`,
  ]
}
