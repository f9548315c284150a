import type { Check } from '../check.ts'
import { front } from './front.ts'
import { proxy } from './proxy.ts'
import { checkOf, type Reading, type Relation, type Source } from './relation.ts'
import { rotation } from './rotation.ts'
import { sandbox } from './sandbox.ts'
import { service } from './service.ts'
import { sizes } from './sizes.ts'
import { sockets } from './sockets.ts'
import { times } from './times.ts'

/** All that must hold between the parts of a site. */
export const relations: readonly Relation[] = [
  ...[...times, ...sizes, ...sockets, ...service, ...sandbox],
  ...[...proxy, ...front, ...rotation],
]

const inFiles: Reading = {
  nginx: { how: "the site's file with what it includes", needs: 'files.nginx-syntax' },
  units: { how: 'the unit files with their drop-ins', needs: 'files.unit-syntax' },
  server: { how: 'tsicorn.config.json', needs: 'files.config-syntax' },
  rotation: { how: 'the rules of logrotate', needs: 'files.rotation-syntax' },
}

const loaded: Reading = {
  nginx: { how: 'nginx -T', needs: 'host.site-read' },
  units: { how: 'systemctl show', needs: 'host.units-loaded' },
  server: { how: 'tsicorn.config.json, as the server reads it', needs: 'host.config' },
  rotation: { how: 'the rules of logrotate', needs: 'host.rotation-rules' },
}

/** The relations between the files of a site as they stand. */
export function fileRelations<Target extends Source>(): readonly Check<Target>[] {
  return relations.map((relation) => checkOf(relation, 'files', inFiles))
}

/** The relations between what nginx and systemd have loaded. */
export function loadedRelations<Target extends Source>(): readonly Check<Target>[] {
  return relations.map((relation) => checkOf(relation, 'host', loaded))
}
