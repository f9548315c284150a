import { writeSite } from '../settings/site-answers.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { BundleFile } from './bundle-file.ts'
import { logrotateView, rotatesNginx, sysusersView, tmpfilesView } from './host-views.ts'
import { markFile } from './mark.ts'
import { headersView, realAddressView, setsHeaders } from './nginx-front-view.ts'
import { nginxView } from './nginx-view.ts'
import { frontPlaces, placesOf } from './places.ts'
import { plain } from './quote.ts'
import { runbookView } from './runbook-view.ts'
import { serverConfig } from './server-config.ts'
import { fill } from './template.ts'
import { serviceView, socketView } from './unit-views.ts'

export type { BundleFile } from './bundle-file.ts'
export { type CheckWrapper, renderCheckWrapper } from './check-wrapper.ts'

/** The answers, beside the files made from them. */
export const siteFileName = 'site.json'

/** The files of a site, sorted by path. The same answers give the same bytes. */
export function renderBundle(answers: SiteAnswers): readonly BundleFile[] {
  const installed = [...nginxFiles(answers), ...unitFiles(answers), ...hostFiles(answers), ...serverFiles(answers)]
  const sorted = installed.sort((one, other) => (one.path < other.path ? -1 : 1))
  const runbook = file('RUNBOOK.md', fill('RUNBOOK.md.hbs', runbookView(answers, sorted)))
  return [
    ...[runbook, ...sorted].map((one) => markFile(one, answers.name)),
    // Not marked: it is the person's own, and what it says is checked whenever it is read.
    file(siteFileName, writeSite(answers)),
  ]
}

function nginxFiles(answers: SiteAnswers): readonly BundleFile[] {
  const { headers, realAddress, pages } = frontPlaces(answers)
  const realAddresses = realAddressView(answers)
  const page = (name: string) =>
    file(`${pages}/${name}.html`, fill(`etc/nginx/tsicorn/pages/${name}.html.hbs`, { name: plain(answers.name) }))
  return [
    file(placesOf(answers).siteFile, fill('etc/nginx/sites-available/site.conf.hbs', nginxView(answers))),
    ...(setsHeaders(answers) ? [file(headers, fill('etc/nginx/tsicorn/headers.conf.hbs', headersView(answers)))] : []),
    ...(realAddresses === null
      ? []
      : [file(realAddress, fill('etc/nginx/tsicorn/real-address.conf.hbs', realAddresses))]),
    ...['busy', 'maintenance', 'unavailable'].map(page),
  ]
}

function unitFiles(answers: SiteAnswers): readonly BundleFile[] {
  const unit = `/etc/systemd/system/${answers.name}`
  return [
    file(`${unit}.service`, fill('etc/systemd/system/service.hbs', serviceView(answers))),
    file(`${unit}.socket`, fill('etc/systemd/system/socket.hbs', socketView(answers))),
  ]
}

function hostFiles(answers: SiteAnswers): readonly BundleFile[] {
  const { name } = answers
  const files = [
    file(`/etc/sysusers.d/${name}.conf`, fill('etc/sysusers.d/site.conf.hbs', sysusersView(answers))),
    file(`/etc/tmpfiles.d/${name}.conf`, fill('etc/tmpfiles.d/site.conf.hbs', tmpfilesView(answers))),
  ]
  if (answers.logs === 'journal' && !rotatesNginx(answers)) return files
  return [...files, file(`/etc/logrotate.d/${name}`, fill('etc/logrotate.d/site.hbs', logrotateView(answers)))]
}

function serverFiles(answers: SiteAnswers): readonly BundleFile[] {
  const { configFile, envFile } = placesOf(answers)
  return [
    file(configFile, serverConfig(answers)),
    // Secrets are written into it on the host.
    {
      ...file(envFile, fill('etc/site/env.hbs', { name: plain(answers.name), group: plain(answers.group) })),
      mode: 0o640,
    },
  ]
}

function file(path: string, content: string): BundleFile {
  return { path: path.replace(/^\//, ''), content, mode: 0o644 }
}
