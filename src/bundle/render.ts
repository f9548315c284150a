import { writeSite } from '../settings/site-answers.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { type BundleFile, file } from './bundle-file.ts'
import { logrotateView, rotatesNginx, sysusersView, tmpfilesView } from './host-views.ts'
import { markFile } from './mark.ts'
import { otherRunbookView } from './other-runbook-view.ts'
import { placesOf } from './places.ts'
import { proxyFiles } from './proxy-files.ts'
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
  const installed = [...proxyFiles(answers), ...unitFiles(answers), ...hostFiles(answers), ...serverFiles(answers)]
  const sorted = installed.sort((one, other) => (one.path < other.path ? -1 : 1))
  const runbook = file('RUNBOOK.md', renderRunbook(answers, sorted))
  return [
    ...[runbook, ...sorted].map((one) => markFile(one, answers.name)),
    // Not marked: it is the person's own, and what it says is checked whenever it is read.
    file(siteFileName, writeSite(answers)),
  ]
}

function renderRunbook(answers: SiteAnswers, installed: readonly BundleFile[]): string {
  return answers.proxy === 'nginx'
    ? fill('RUNBOOK.md.hbs', runbookView(answers, installed))
    : fill('runbook/other.md.hbs', otherRunbookView(answers, installed))
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
