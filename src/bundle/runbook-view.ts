import { type SiteAnswers, siteTable } from '../settings/site-table.ts'
import type { BundleFile } from './bundle-file.ts'
import { certbotHook } from './certbot-hook.ts'
import { killWhom, makesCertificate } from './host-views.ts'
import { proxyReadTimeout } from './nginx-view.ts'
import { frontPlaces, hostPlaces, placesOf } from './places.ts'
import { type Carried, markdownCode, plain, shellWord, words } from './quote.ts'
import { serverTimes, span } from './server-config.ts'
import type { View } from './template.ts'
import { hopelessExits } from './unit-views.ts'

/** What templates/RUNBOOK.md.hbs is filled with: the answers, and the other files of the bundle. */
export function runbookView(answers: SiteAnswers, files: readonly BundleFile[]): View {
  return {
    ...factsView(answers),
    ...placesView(answers),
    ...installView(answers, files),
    ...certificateView(answers),
    ...commandView(answers),
  }
}

// What a release needs from its lock file, without what only development needs.
const installing = {
  npm: 'npm ci --omit=dev',
  pnpm: 'pnpm install --prod --frozen-lockfile',
  yarn: 'yarn install --immutable',
} as const

function commandView(answers: SiteAnswers): View {
  const { node, tsicorn, name } = answers
  const places = placesOf(answers)
  const { maintenance, beside, inServer, inApplication } = frontPlaces(answers)
  const readFile = words([plain('tail'), plain('-n'), plain(100), shellWord(places.serverLog)])
  const readJournal = words(['journalctl', '-u', name, '-n', '100', '--no-pager'].map(plain))
  return {
    ctl: words([node, tsicorn, 'ctl'].map(shellWord)),
    controlFlag: words([plain('--control-socket'), shellWord(places.controlSocket)]),
    readLog: answers.logs === 'files' ? readFile : readJournal,
    install: words(installing[answers.packageManager].split(' ').map(plain)),
    workingDirectoryWord: shellWord(answers.workingDirectory),
    accessLogWord: shellWord(places.accessLog),
    errorLogWord: shellWord(places.nginxErrorLog),
    stateWord: shellWord(answers.stateDirectory),
    rotation: shellWord(hostPlaces(answers).rotation),
    maintenance: shellWord(maintenance),
    maintenanceWord: shellWord(maintenance),
    beside: markdownCode(beside),
    inServer: markdownCode(inServer),
    inApplication: markdownCode(inApplication),
    hasCredentials: answers.credentials.length > 0,
    credentials: answers.credentials.map((one) => shellWord(`${places.credentials}/${one}`)),
    hasTls: answers.tls !== 'off',
    timeout: plain(span(serverTimes.timeout)),
  }
}

/** What the site is called and how it is asked. */
export function factsView(answers: SiteAnswers): View {
  const [main = 'localhost'] = answers.domain
  const port = answers.httpsPort === siteTable.httpsPort.default ? '' : `:${answers.httpsPort}`
  return {
    name: plain(answers.name),
    url: plain(answers.tls === 'off' ? `http://${main}/` : `https://${main}${port}/`),
    user: plain(answers.user),
    group: plain(answers.group),
    app: markdownCode(answers.app),
    workers: plain(answers.workers),
    maxBody: plain(siteTable.maxBody.kind.format(answers.maxBody)),
    proxyReadTimeout: plain(span(proxyReadTimeout)),
    hopelessWords: plain(hopelessExits.join('/')),
    whom: plain(killWhom(answers)),
  }
}

/** Where everything is, and what shows it. */
export function placesView(answers: SiteAnswers): View {
  const places = placesOf(answers)
  const logsToFiles = answers.logs === 'files'
  const followLog = logsToFiles ? `tail -F ${shellWord(places.serverLog)}` : `journalctl -fu ${answers.name}`
  const ctl = [answers.node, answers.tsicorn, 'ctl', 'status', '--control-socket', places.controlSocket]
  const print = [answers.node, answers.tsicorn, 'serve', '--config', places.configFile, '--print-config']
  return {
    workingDirectory: markdownCode(answers.workingDirectory),
    runtimeDirectory: markdownCode(answers.runtimeDirectory),
    stateDirectory: markdownCode(answers.stateDirectory),
    configFile: markdownCode(places.configFile),
    envFile: markdownCode(places.envFile),
    siteFile: markdownCode(places.siteFile),
    accessLog: markdownCode(places.accessLog),
    errorLog: markdownCode(places.nginxErrorLog),
    serverLog: markdownCode(places.serverLog),
    node: markdownCode(answers.node),
    launcher: markdownCode(answers.tsicorn),
    logsToFiles,
    followLog: markdownCode(followLog),
    ctlStatus: markdownCode(ctl.map(shellWord).join(' ')),
    printConfig: markdownCode(print.map(shellWord).join(' ')),
  }
}

/** The commands that put the files in place. */
export function installView(answers: SiteAnswers, files: readonly BundleFile[]): View {
  const places = placesOf(answers)
  return {
    files: files
      .filter(({ path }) => `/${path}` !== places.envFile)
      .map(({ path, mode }) => ({
        mode: plain(mode.toString(8).padStart(4, '0')),
        from: shellWord(path),
        to: shellWord(`/${path}`),
      })),
    sysusersFile: plain(hostPlaces(answers).sysusers),
    tmpfilesFile: plain(hostPlaces(answers).tmpfiles),
    envSource: shellWord(places.envFile.replace(/^\//, '')),
    envTarget: shellWord(places.envFile),
    linked: places.enabledSite !== null,
    siteTarget: shellWord(places.siteFile),
    enabledSite: shellWord(places.enabledSite ?? places.siteFile),
  }
}

/** How the site comes to its certificate. */
export function certificateView(answers: SiteAnswers): View {
  const { certificate, certificateKey, domain, email } = answers
  const contact: readonly Carried[] =
    email === null ? [plain('--register-unsafely-without-email')] : [plain('-m'), shellWord(email)]
  return {
    makesCertificate: makesCertificate(answers),
    usesFiles: answers.tls === 'files',
    usesAuthority: answers.tls === 'letsencrypt',
    alternativeNames: shellWord(`subjectAltName=${domain.map((name) => `DNS:${name}`).join(',')}`),
    certificate: shellWord(certificate),
    certificateKey: shellWord(certificateKey),
    certificatePath: markdownCode(certificate),
    certificateKeyPath: markdownCode(certificateKey),
    acmeDirectory: shellWord(answers.acmeDirectory),
    certbotNames: words(domain.flatMap((name) => [plain('-d'), shellWord(name)])),
    certbotContact: words([plain('--agree-tos'), ...contact]),
    certbotHook: shellWord(certbotHook(answers)),
  }
}
