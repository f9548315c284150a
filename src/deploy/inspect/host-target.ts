import { placesOf } from '../../bundle/places.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import type { Outcome, Run } from '../install/run-command.ts'
import { dropInsOf } from './drop-ins.ts'
import type { HostReader } from './host-reader.ts'
import { expand, type NginxFiles, splitDump } from './nginx-tree.ts'
import { serverFacts } from './server-facts.ts'
import type { Setup } from './setup.ts'
import type { Systemd } from './systemd.ts'

export type HostOrder = {
  readonly answers: SiteAnswers
  readonly run: Run
  readonly reader: HostReader
  /** Null where systemd does not run the host. */
  readonly systemd: Systemd | null
  readonly isRoot: boolean
  readonly now: Date
  /** The version of this tsicorn. */
  readonly version: string
  /** Where this tsicorn is, and the Node.js that runs it. */
  readonly own: OwnPlaces
  /** Commands that put things right: anew from the answers, with others of them, and from the bundle. */
  readonly again: string
  readonly againWith: (flags: readonly string[]) => string
  readonly deploy: string
}

/** Paths as a unit would name them. */
export type OwnPlaces = { readonly node: string; readonly launcher: string }

/** The host around an installed site, and what its programs have loaded. */
export type HostTarget = HostOrder & {
  readonly setup: () => Promise<Setup>
  /** What `nginx -T` says; asked once. */
  readonly nginx: () => Promise<{ readonly outcome: Outcome; readonly files: NginxFiles }>
}

/** Looks at nothing before it is asked. */
export function hostTarget(order: HostOrder): HostTarget {
  const { run } = order
  let asking: ReturnType<HostTarget['nginx']> | null = null
  const nginx = () => {
    asking ??= run(['nginx', '-T']).then((outcome) => ({ outcome, files: splitDump(outcome.stdout) }))
    return asking
  }
  return { ...order, nginx, setup: () => loadedSetup(order, nginx) }
}

async function loadedSetup(order: HostOrder, nginx: HostTarget['nginx']): Promise<Setup> {
  const { answers, systemd, reader, again } = order
  if (systemd === null) throw new Error('systemd does not run this host')
  const { configFile } = placesOf(answers)
  const setup = {
    ...{ answers, again, root: '' },
    site: order.isRoot ? siteIn((await nginx()).files, answers) : [],
    service: await systemd.unit(`${answers.name}.service`),
    socket: await systemd.unit(`${answers.name}.socket`),
    server: serverFacts(reader.text(configFile)),
    rotation: reader.text(`/etc/logrotate.d/${answers.name}`),
  }
  return { ...setup, dropIns: dropInsOf(setup, unitTexts(setup, reader)) }
}

/** The files that systemd has loaded the units from, as far as they are the site's own. */
function unitTexts({ answers, service, socket }: Pick<Setup, 'answers' | 'service' | 'socket'>, { text }: HostReader) {
  const paths = [service, socket].flatMap((unit) => [...unit.all('FragmentPath'), ...unit.all('DropInPaths')])
  const own = paths.flatMap((words) => words.split(' ')).filter((path) => path.includes(`/system/${answers.name}.`))
  return own.map((path) => [path, text(path) ?? ''] as const)
}

/** nginx names a file by the link it was found through. */
function siteIn(files: NginxFiles, answers: SiteAnswers): Setup['site'] {
  const { siteFile, enabledSite } = placesOf(answers)
  return expand(enabledSite !== null && files.has(enabledSite) ? enabledSite : siteFile, files)
}
