import type { SiteAnswers } from '../settings/site-table.ts'
import type { BundleFile } from './bundle-file.ts'
import { imageAccounts, imageAnswers } from './image-answers.ts'
import { version } from './mark.ts'
import { otherRunbookView } from './other-runbook-view.ts'
import { frontPlaces, hostPlaces, placesOf } from './places.ts'
import { type Carried, markdownCode, plain, shellWord } from './quote.ts'
import { certificateView, factsView, installView } from './runbook-view.ts'
import { serverTimes, span } from './server-config.ts'
import { outputLog } from './supervisord-view.ts'
import type { View } from './template.ts'

/** What templates/runbook/supervisord.md.hbs is filled with. */
export function supervisordRunbookView(answers: SiteAnswers, files: readonly BundleFile[]): View {
  const places = placesOf(answers)
  const { linked, siteTarget, enabledSite } = installView(answers, files)
  return {
    ...otherRunbookView(answers, files),
    ...pickDefined({ linked, siteTarget, enabledSite }),
    // a2ensite makes the link of Apache.
    ...(answers.proxy === 'apache' && { linked: false }),
    programFile: plain(hostPlaces(answers).program),
    outputLog: plain(outputLog(answers)),
    serverLog: markdownCode(places.serverLog),
    stateWord: shellWord(answers.stateDirectory),
    logWord: shellWord(answers.logDirectory),
    rotation: plain(hostPlaces(answers).rotation),
    ctlReload: ctl(answers, 'reload', []),
  }
}

/** What templates/runbook/docker.md.hbs is filled with. */
export function dockerRunbookView(answers: SiteAnswers): View {
  const image = imageAnswers(answers)
  const { name, url, app, workers, maxBody, proxyReadTimeout } = factsView(answers)
  const { usesFiles, usesAuthority, alternativeNames, certbotNames, certbotContact } = certificateView(answers)
  return {
    ...pickDefined({ name, url, app, workers, maxBody, proxyReadTimeout }),
    ...pickDefined({ usesFiles, usesAuthority, alternativeNames, certbotNames, certbotContact }),
    certificate: shellWord(answers.certificate),
    certificateKey: shellWord(answers.certificateKey),
    version: plain(version),
    gid: plain(imageAccounts.gid),
    hasTls: answers.tls !== 'off',
    makesOwn: answers.tls === 'self-signed' || answers.tls === 'letsencrypt',
    stateDirectory: plain(image.stateDirectory),
    envFile: plain(placesOf(image).envFile.slice(1)),
    siteFile: plain(placesOf(image).siteFile.slice(1)),
    maintenance: plain(frontPlaces(image).maintenance),
    timeout: plain(span(serverTimes.timeout)),
    ctlStatus: ctl(image, 'status', ['docker', 'compose', 'exec', 'app']),
    ctlReload: ctl(image, 'reload', ['docker', 'compose', 'exec', 'app']),
  }
}

function ctl(answers: SiteAnswers, command: string, before: readonly string[]): Carried {
  const { node, tsicorn } = answers
  const parts = [...before, node, tsicorn, 'ctl', command, '--control-socket', placesOf(answers).controlSocket]
  return markdownCode(parts.map(shellWord).join(' '))
}

function pickDefined(view: { readonly [name: string]: View[string] | undefined }): View {
  return Object.fromEntries(
    Object.entries(view).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
