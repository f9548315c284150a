import { placesOf } from '../../bundle/places.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { dropInsOf, type UnitTexts, unitsFrom } from './drop-ins.ts'
import { expand, type NginxFiles } from './nginx-tree.ts'
import { serverFacts } from './server-facts.ts'
import type { Setup } from './setup.ts'

export type SetupFiles = {
  readonly answers: SiteAnswers
  readonly again: string
  /** Empty for this host, or a staging directory. */
  readonly root: string
  readonly text: (path: string) => string | null
  readonly nginxFiles: NginxFiles
  /** Both units with their drop-ins after them, by path. */
  readonly units: UnitTexts
}

/** How the parts of a site would fit together if its files were loaded as they stand. */
export function setupFrom({ answers, again, root, text, nginxFiles, units }: SetupFiles): Setup {
  const { siteFile, configFile } = placesOf(answers)
  const setup = {
    ...{ answers, again, root },
    site: expand(siteFile, nginxFiles),
    ...unitsFrom(answers.name, units),
    server: serverFacts(text(configFile)),
    rotation: text(`/etc/logrotate.d/${answers.name}`),
  }
  return { ...setup, dropIns: dropInsOf(setup, units) }
}
