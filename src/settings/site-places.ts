import { choice } from './kinds/choice.ts'
import { hostPath, socketDirectory, unfitForNginx } from './kinds/host-path.ts'
import { integer } from './kinds/integer.ts'
import { nginxListen, nginxVersion, opensslVersion } from './kinds/nginx-words.ts'
import { serviceAccount } from './kinds/site-name.ts'
import { onOff } from './kinds/switch.ts'
import { type SettingsTable, setting } from './setting.ts'

const directory = (expects: string) => hostPath({ expects, refused: unfitForNginx })

const program = (expects: string) => hostPath({ expects, relative: true })

/** What the host is like and where things stand on it. Found by looking; seldom given by hand. */
export const sitePlaces = {
  node: setting({
    section: 'Host',
    kind: program('the path of the node binary'),
    default: '/usr/bin/node',
    summary: 'the node binary the service runs',
    takesEffect: 'restart',
  }),
  tsicorn: setting({
    section: 'Host',
    kind: program("the path of tsicorn's launcher"),
    default: '/usr/local/lib/node_modules/tsicorn/bin/tsicorn.js',
    summary: "tsicorn's launcher, which node runs",
    takesEffect: 'restart',
  }),
  nginxVersion: setting({
    section: 'Host',
    kind: nginxVersion,
    default: '1.22.1',
    summary: 'the version of nginx the site is written for',
    takesEffect: 'restart',
  }),
  opensslVersion: setting({
    section: 'Host',
    kind: opensslVersion,
    default: '3.0.0',
    summary: 'the version of OpenSSL that nginx runs with; from 3.5.0 it has the key exchange X25519MLKEM768',
    takesEffect: 'restart',
  }),
  gzipStatic: setting({
    section: 'Host',
    kind: onOff,
    default: true,
    summary: 'whether this nginx can serve files that were compressed beforehand (its gzip_static module)',
    takesEffect: 'restart',
  }),
  nginxLayout: setting({
    section: 'Host',
    kind: choice(['sites-available', 'conf.d']),
    default: 'sites-available',
    summary: 'where this nginx looks for sites',
    takesEffect: 'restart',
  }),
  nginxUser: setting({
    section: 'Host',
    kind: serviceAccount('user'),
    default: '{proxyAccount}',
    summary: 'the user the proxy runs as',
    takesEffect: 'restart',
  }),
  nginxGroup: setting({
    section: 'Host',
    kind: serviceAccount('group'),
    default: '{proxyAccount}',
    summary: 'the group the proxy runs as; it may open the sockets',
    takesEffect: 'restart',
  }),
  systemdVersion: setting({
    section: 'Host',
    kind: integer({ min: 245, max: 9999 }),
    default: 252,
    summary: 'the version of systemd the units are written for',
    takesEffect: 'restart',
  }),
  httpListen: setting({
    section: 'Addresses',
    kind: nginxListen,
    default: '80',
    summary: 'where the proxy listens for http',
    takesEffect: 'restart',
  }),
  httpsListen: setting({
    section: 'Addresses',
    kind: nginxListen,
    default: '443',
    summary: 'where the proxy listens for https',
    takesEffect: 'restart',
  }),
  httpsPort: setting({
    section: 'Addresses',
    kind: integer({ min: 1, max: 65535 }),
    default: 443,
    summary: 'the port browsers are sent to for https',
    takesEffect: 'restart',
  }),
  ipv6: setting({
    section: 'Addresses',
    kind: onOff,
    default: true,
    summary: 'whether the proxy listens on IPv6 as well',
    takesEffect: 'restart',
  }),
  runtimeDirectory: setting({
    section: 'Places',
    kind: socketDirectory,
    default: '/run/{name}',
    summary: 'where the sockets are',
    takesEffect: 'restart',
  }),
  configDirectory: setting({
    section: 'Places',
    kind: directory("an absolute path for the server's configuration"),
    default: '/etc/{name}',
    summary: "where the server's configuration is",
    takesEffect: 'restart',
  }),
  stateDirectory: setting({
    section: 'Places',
    kind: directory('an absolute path for what the application keeps'),
    default: '/var/lib/{name}',
    summary: 'where the application may write; the service has it in STATE_DIRECTORY',
    takesEffect: 'restart',
  }),
  logDirectory: setting({
    section: 'Places',
    kind: directory('an absolute path for logs'),
    default: '/var/log/{name}',
    summary: 'where the server logs when it logs to files',
    takesEffect: 'restart',
  }),
  nginxLogDirectory: setting({
    section: 'Places',
    kind: directory("an absolute path for nginx's logs"),
    default: '/var/log/{proxyFolder}',
    summary: "where the proxy writes the site's logs",
    takesEffect: 'restart',
  }),
  nginxDirectory: setting({
    section: 'Places',
    kind: directory("an absolute path for what the site's file includes"),
    default: '/etc/{proxyFolder}/tsicorn/{name}',
    summary: "where the proxy has the site's pages, its headers, and your own additions",
    takesEffect: 'restart',
  }),
  acmeDirectory: setting({
    section: 'Places',
    kind: directory('an absolute path for the answers to the certificate authority'),
    default: '/var/www/acme',
    summary: 'where the certificate client puts its answers for the certificate authority',
    takesEffect: 'restart',
  }),
} as const satisfies SettingsTable
