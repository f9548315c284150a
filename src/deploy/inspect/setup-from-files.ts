import { placesOf } from '../../bundle/places.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { expand, type NginxFiles } from './nginx-tree.ts'
import { serverFacts } from './server-facts.ts'
import type { Setup } from './setup.ts'
import { unitFromText } from './unit-facts.ts'

export type SetupFiles = {
  readonly answers: SiteAnswers
  readonly again: string
  readonly text: (path: string) => string | null
  readonly nginxFiles: NginxFiles
  /** Both units with their drop-ins after them, by path. */
  readonly units: readonly (readonly [string, string])[]
}

/** How the parts of a site would fit together if its files were loaded as they stand. */
export function setupFrom({ answers, again, text, nginxFiles, units }: SetupFiles): Setup {
  const { siteFile, configFile } = placesOf(answers)
  const unit = (kind: string) => {
    const own = units.filter(([path]) => path.startsWith(`/etc/systemd/system/${answers.name}.${kind}`))
    return unitFromText(own.map(([, content]) => content).join('\n'))
  }
  return {
    ...{ answers, again },
    site: expand(siteFile, nginxFiles),
    ...{ service: unit('service'), socket: unit('socket') },
    server: serverFacts(text(configFile)),
    rotation: text(`/etc/logrotate.d/${answers.name}`),
  }
}
