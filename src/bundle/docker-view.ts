import type { SiteAnswers } from '../settings/site-table.ts'
import { imageAccounts, imageAnswers, imagePorts, imageVersions, launcherFolder } from './image-answers.ts'
import { partsOf } from './listens.ts'
import { version } from './mark.ts'
import { placesOf, socketPaths } from './places.ts'
import { composeText, dockerPath, plain, words } from './quote.ts'
import { serverTimes, span } from './server-config.ts'
import type { View } from './template.ts'
import { drainView, mostTasks, stopTimeout } from './unit-views.ts'

/** What a build of the images is made from: the first three stand in the bundle's folder itself. */
export const dockerPlaces = {
  dockerfile: 'Dockerfile',
  ignored: 'Dockerfile.dockerignore',
  compose: 'compose.yaml',
  /** Beside the file of the image of nginx, which stays as it is. */
  nginx: '/etc/nginx/tsicorn.conf',
} as const

const managers = {
  npm: { lockFiles: ['package.json', 'package-lock.json'], all: 'npm ci', run: 'npm ci --omit=dev' },
  pnpm: {
    lockFiles: ['package.json', 'pnpm-lock.yaml'],
    all: 'pnpm install --frozen-lockfile',
    run: 'pnpm install --prod --frozen-lockfile',
  },
  yarn: {
    lockFiles: ['package.json', 'yarn.lock'],
    all: 'yarn install --immutable',
    run: 'yarn install --immutable',
  },
} as const

/** What templates/docker/Dockerfile.hbs is filled with. */
export function dockerfileView(answers: SiteAnswers): View {
  const image = imageAnswers(answers)
  const manager = managers[answers.packageManager]
  const command = (text: string) => words(text.split(' ').map(plain))
  return {
    name: plain(answers.name),
    nodeVersion: plain(imageVersions.node),
    nginxVersion: plain(imageVersions.nginx),
    version: plain(version),
    home: plain(image.workingDirectory),
    lockFiles: words(manager.lockFiles.map(plain)),
    getsManager: answers.packageManager !== 'npm',
    // Corepack brings the Yarn of the version that the project asks for.
    manager: plain(answers.packageManager === 'yarn' ? 'corepack' : answers.packageManager),
    usesCorepack: answers.packageManager === 'yarn',
    installAll: command(manager.all),
    installRun: command(manager.run),
    uid: plain(imageAccounts.uid),
    gid: plain(imageAccounts.gid),
    nginxUid: plain(imageAccounts.nginxUid),
    runtimeDirectory: plain(image.runtimeDirectory),
    stateDirectory: plain(image.stateDirectory),
    launcherFolder: plain(launcherFolder),
    launcher: plain(image.tsicorn),
    configFile: plain(placesOf(image).configFile),
    nginxFile: plain(dockerPlaces.nginx),
    statics: image.static.map(({ directory }) => ({ directory: dockerPath(`${directory}/`) })),
  }
}

/** What templates/docker/compose.yaml.hbs is filled with. */
export function composeView(answers: SiteAnswers): View {
  const image = imageAnswers(answers)
  const { memory } = answers
  return {
    name: plain(answers.name),
    ...drainView(answers),
    stopTimeout: plain(span(stopTimeout(answers))),
    bootTimeout: plain(span(serverTimes.bootTimeout)),
    healthProgram: composeText(healthProgram(image)),
    envFile: plain(placesOf(image).envFile),
    stateDirectory: plain(image.stateDirectory),
    runtimeDirectory: plain(image.runtimeDirectory),
    tasks: plain(mostTasks(answers)),
    limitsMemory: memory !== 'off',
    memory: plain(memory),
    ports: portsOf(answers),
    hasTls: answers.tls !== 'off',
    tlsDirectory: plain(`${image.configDirectory}/tls`),
    asksAuthority: answers.tls === 'letsencrypt',
    acmeDirectory: plain(image.acmeDirectory),
    uid: plain(imageAccounts.uid),
    gid: plain(imageAccounts.gid),
  }
}

/** The image has no curl, and needs none. */
function healthProgram(image: SiteAnswers): string {
  const [socketPath = ''] = socketPaths(image)
  const asked = JSON.stringify({ socketPath, path: image.statusPath })
  return `require('node:http').get(${asked}, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))`
}

function portsOf({ tls, httpListen, httpsListen }: SiteAnswers) {
  const pairs = [[httpListen, imagePorts.http] as const, [httpsListen, imagePorts.https] as const]
  return pairs.slice(0, tls === 'off' ? 1 : 2).map(([outside, inside]) => {
    const { host, port } = partsOf(outside)
    const isEverywhere = /^\d+$/.test(outside)
    return composeText(`${isEverywhere ? '' : `${host}:`}${port}:${inside}`)
  })
}

/** What templates/docker/dockerignore.hbs is filled with. */
export function dockerignoreView(answers: SiteAnswers): View {
  return { name: plain(answers.name), envFile: plain(placesOf(imageAnswers(answers)).envFile) }
}

/** What templates/docker/nginx.conf.hbs is filled with. */
export function dockerNginxView(answers: SiteAnswers): View {
  return { name: plain(answers.name), site: plain(placesOf(imageAnswers(answers)).siteFile) }
}
