import { mostWorkers } from '../contract/most-workers.ts'
import { choice } from './kinds/choice.ts'
import { domains } from './kinds/domain.ts'
import { hostPath, unfitForNginx } from './kinds/host-path.ts'
import { integer } from './kinds/integer.ts'
import { mailAddress, plainRoute } from './kinds/nginx-words.ts'
import { optional } from './kinds/optional.ts'
import { serviceAccount, siteApplication, siteName } from './kinds/site-name.ts'
import { onOff } from './kinds/switch.ts'
import { type SettingsTable, setting } from './setting.ts'

const file = (expects: string) => hostPath({ expects, relative: true, refused: unfitForNginx })

/** What a person is asked about a site. A default may name other answers in braces; completing them fills it in. */
export const siteQuestions = {
  name: setting({
    section: 'Site',
    kind: siteName,
    default: 'app',
    summary: 'the name of the site: of its unit, its user and its directories',
    takesEffect: 'restart',
  }),
  domain: setting({
    section: 'Site',
    kind: domains,
    default: ['localhost'],
    summary: 'a host name the site answers to; the first is the main one',
    takesEffect: 'restart',
  }),
  workingDirectory: setting({
    section: 'Application',
    kind: hostPath({ expects: 'the directory of the application', relative: true }),
    default: '/srv/{name}',
    summary: 'the directory of the application on the host; other paths may be relative to it',
    takesEffect: 'restart',
  }),
  app: setting({
    section: 'Application',
    kind: siteApplication,
    default: './app.js',
    summary: 'the application: PATH[:EXPORT] or PACKAGE[:EXPORT]',
    takesEffect: 'restart',
  }),
  workers: setting({
    section: 'Application',
    kind: integer({ min: 1, max: mostWorkers }),
    default: 2,
    summary: 'how many worker processes; each has a socket of its own',
    takesEffect: 'restart',
  }),
  healthPath: setting({
    section: 'Application',
    kind: optional(plainRoute),
    default: null,
    summary: 'a route of the application that must answer before a new worker takes traffic',
    takesEffect: 'restart',
  }),
  user: setting({
    section: 'Application',
    kind: serviceAccount('user'),
    default: '{name}',
    summary: 'the user the application runs as; made on installation',
    takesEffect: 'restart',
  }),
  group: setting({
    section: 'Application',
    kind: serviceAccount('group'),
    default: '{user}',
    summary: 'the group the application runs as',
    takesEffect: 'restart',
  }),
  packageManager: setting({
    section: 'Application',
    kind: choice(['npm', 'pnpm', 'yarn']),
    default: 'npm',
    summary: 'what installs the packages of a release on the host',
    takesEffect: 'restart',
  }),
  tls: setting({
    section: 'TLS',
    kind: choice(['letsencrypt', 'files', 'self-signed', 'off']),
    default: 'letsencrypt',
    summary: 'where the certificate comes from; names that no authority signs for begin with self-signed',
    takesEffect: 'restart',
  }),
  certificate: setting({
    section: 'TLS',
    kind: file('a PEM file with the certificate chain'),
    default: '{configDirectory}/tls/fullchain.pem',
    summary: 'the certificate chain',
    takesEffect: 'restart',
  }),
  certificateKey: setting({
    section: 'TLS',
    kind: file('a PEM file with the private key'),
    default: '{configDirectory}/tls/privkey.pem',
    summary: 'the private key of the certificate',
    takesEffect: 'restart',
  }),
  email: setting({
    section: 'TLS',
    kind: optional(mailAddress),
    default: null,
    summary: 'where the certificate authority writes to',
    takesEffect: 'restart',
  }),
  hsts: setting({
    section: 'TLS',
    kind: onOff,
    default: false,
    summary: 'tell browsers to use https only, for two years; it cannot be taken back',
    takesEffect: 'restart',
  }),
  logs: setting({
    section: 'Logging',
    kind: choice(['journal', 'files']),
    default: 'journal',
    summary: 'where the server logs: the journal, or files with rotation',
    takesEffect: 'restart',
  }),
} as const satisfies SettingsTable
