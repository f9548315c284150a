import { writeSite } from '../settings/site-answers.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { SupervisorName } from '../settings/supervisors.ts'
import { type BundleFile, file } from './bundle-file.ts'
import { composeView, dockerfileView, dockerignoreView, dockerNginxView, dockerPlaces } from './docker-view.ts'
import { environmentView, logrotateView, rotatesNginx, sysusersView, tmpfilesView } from './host-views.ts'
import { imageAnswers } from './image-answers.ts'
import { markFile } from './mark.ts'
import { otherRunbookView } from './other-runbook-view.ts'
import { hostPlaces, placesOf } from './places.ts'
import { proxyFiles } from './proxy-files.ts'
import { runbookView } from './runbook-view.ts'
import { serverConfig } from './server-config.ts'
import { dockerRunbookView, supervisordRunbookView } from './supervised-runbook-view.ts'
import { supervisordView } from './supervisord-view.ts'
import { fill } from './template.ts'
import { serviceView, socketView } from './unit-views.ts'

export type { BundleFile } from './bundle-file.ts'
export { type CheckWrapper, renderCheckWrapper } from './check-wrapper.ts'

export { everyPlace } from './every-place.ts'

/** The answers, beside the files made from them. */
export const siteFileName = 'site.json'

/** The files of a site, sorted by path. The same answers give the same bytes. */
export function renderBundle(answers: SiteAnswers): readonly BundleFile[] {
  const sorted = [...makers[answers.supervisor](answers)].sort((one, other) => (one.path < other.path ? -1 : 1))
  const runbook = file('RUNBOOK.md', renderRunbook(answers, sorted))
  return [
    ...[runbook, ...sorted].map((one) => markFile(one, answers.name)),
    // Not marked: it is the person's own, and what it says is checked whenever it is read.
    file(siteFileName, writeSite(answers)),
  ]
}

const makers: Readonly<Record<SupervisorName, (answers: SiteAnswers) => readonly BundleFile[]>> = {
  systemd: (answers) => [...proxyFiles(answers), ...unitFiles(answers), ...hostFiles(answers), ...serverFiles(answers)],
  supervisord: (answers) => [
    ...proxyFiles(answers),
    file(hostPlaces(answers).program, fill('etc/supervisor/conf.d/site.conf.hbs', supervisordView(answers))),
    ...hostFiles(answers),
    ...serverFiles(answers),
  ],
  docker: dockerFiles,
}

function renderRunbook(answers: SiteAnswers, installed: readonly BundleFile[]): string {
  const { proxy, supervisor } = answers
  if (supervisor === 'docker') return fill('runbook/docker.md.hbs', dockerRunbookView(answers))
  if (supervisor === 'supervisord')
    return fill('runbook/supervisord.md.hbs', supervisordRunbookView(answers, installed))
  return proxy === 'nginx'
    ? fill('RUNBOOK.md.hbs', runbookView(answers, installed))
    : fill('runbook/other.md.hbs', otherRunbookView(answers, installed))
}

function unitFiles(answers: SiteAnswers): readonly BundleFile[] {
  const { service, socket } = hostPlaces(answers)
  return [
    file(service, fill('etc/systemd/system/service.hbs', serviceView(answers))),
    file(socket, fill('etc/systemd/system/socket.hbs', socketView(answers))),
  ]
}

function hostFiles(answers: SiteAnswers): readonly BundleFile[] {
  const { sysusers, tmpfiles, rotation } = hostPlaces(answers)
  const files = [
    file(sysusers, fill('etc/sysusers.d/site.conf.hbs', sysusersView(answers))),
    file(tmpfiles, fill('etc/tmpfiles.d/site.conf.hbs', tmpfilesView(answers))),
  ]
  if (answers.logs === 'journal' && !rotatesNginx(answers)) return files
  return [...files, file(rotation, fill('etc/logrotate.d/site.hbs', logrotateView(answers)))]
}

// The folder is what a build is given; what stands in it as on a host comes into the images.
function dockerFiles(answers: SiteAnswers): readonly BundleFile[] {
  const image = imageAnswers(answers)
  const { dockerfile, ignored, compose, nginx } = dockerPlaces
  return [
    file(dockerfile, fill('docker/Dockerfile.hbs', dockerfileView(answers))),
    file(ignored, fill('docker/dockerignore.hbs', dockerignoreView(answers))),
    file(compose, fill('docker/compose.yaml.hbs', composeView(answers))),
    file(nginx, fill('docker/nginx.conf.hbs', dockerNginxView(answers))),
    ...proxyFiles(image),
    ...serverFiles(image),
  ]
}

function serverFiles(answers: SiteAnswers): readonly BundleFile[] {
  const { configFile, envFile } = placesOf(answers)
  return [
    file(configFile, serverConfig(answers)),
    // Secrets are written into it on the host.
    {
      ...file(envFile, fill('etc/site/env.hbs', environmentView(answers))),
      mode: 0o640,
    },
  ]
}
