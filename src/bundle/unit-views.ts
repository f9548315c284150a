import { exitCodes } from '../contract/exit-codes.ts'
import { proxies } from '../settings/proxies.ts'
import { serverTable } from '../settings/server-table.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { placesOf, socketPaths } from './places.ts'
import { execWord, plain, unitLine, unitShare, unitWord, words } from './quote.ts'
import { serverTimes, span } from './server-config.ts'
import type { View } from './template.ts'

/** Exit statuses that another start cannot mend. */
export const hopelessExits = [exitCodes.usage, exitCodes.appLoad] as const

// systemd's own patience ends after the master's, or it would kill workers that are about to finish.
const margin = 10_000

// All workers may hang at once and be replaced before the whole service is given up.
const watchdogPeriod = serverTimes.timeout + serverTimes.bootTimeout + margin

// A worker has about a dozen threads; the rest is for threads and programs of the application, and for a reload, which
// has one worker more.
const tasksOfWorker = 64
const sharedTasks = 256

/** What templates/etc/systemd/system/socket.hbs is filled with. */
export function socketView(answers: SiteAnswers): View {
  return {
    name: plain(answers.name),
    user: plain(answers.user),
    nginxGroup: plain(answers.nginxGroup),
    proxyTitle: plain(proxies[answers.proxy].title),
    sockets: socketPaths(answers).map((path) => ({ path: unitLine(path) })),
    backlog: plain(serverTable.backlog.default),
  }
}

/** What templates/etc/systemd/system/service.hbs is filled with. */
export function serviceView(answers: SiteAnswers): View {
  const places = placesOf(answers)
  return {
    name: plain(answers.name),
    user: plain(answers.user),
    group: plain(answers.group),
    workingDirectory: unitLine(answers.workingDirectory),
    node: execWord(answers.node),
    launcher: execWord(answers.tsicorn),
    configFile: execWord(places.configFile),
    controlSocket: execWord(places.controlSocket),
    runtimeDirectory: unitWord(answers.runtimeDirectory),
    ...drainView(answers),
    stopTimeout: plain(span(stopTimeout(answers))),
    bootTimeout: plain(span(serverTimes.bootTimeout)),
    startTimeout: plain(span(serverTimes.bootTimeout + margin)),
    watchdog: plain(span(watchdogPeriod)),
    backsOff: answers.systemdVersion >= 254,
    tasks: plain(mostTasks(answers)),
    ...memoryView(answers),
    credentials: answers.credentials.map((name) => ({
      name: plain(name),
      path: unitLine(`${places.credentials}/${name}`),
    })),
    hopelessExits: words(hopelessExits.map(plain)),
    ...writableView(answers),
    ...hiddenView(answers),
  }
}

/** How long a leaving server waits, and for whom. */
export function drainView({ drainDelay }: SiteAnswers): View {
  return {
    gracefulTimeout: plain(span(serverTimes.gracefulTimeout)),
    waitsForBalancers: drainDelay > 0,
    drainDelay: plain(span(drainDelay)),
  }
}

/** How long a stop may take until what is left is killed, in milliseconds. */
export function stopTimeout({ drainDelay }: SiteAnswers): number {
  return drainDelay + serverTimes.gracefulTimeout + margin
}

/** How many threads and processes a service may have. */
export function mostTasks({ workers }: SiteAnswers): number {
  return sharedTasks + workers * tasksOfWorker
}

// Pressure begins before the end, so that garbage collection has its chance.
const pressureShare = 0.9

function memoryView({ memory }: SiteAnswers): View {
  const isShare = typeof memory === 'string'
  const most = isShare ? Number.parseInt(memory, 10) || 100 : memory
  const write = isShare ? unitShare : plain
  return {
    limitsMemory: memory !== 'off',
    memoryHigh: write(Math.floor(most * pressureShare)),
    memoryMax: write(most),
  }
}

// StateDirectory= and LogsDirectory= make the directory with the right owner, but only at the usual place.
function writableView(answers: SiteAnswers): View {
  const { stateDirectory, logDirectory } = answers
  const stateName = below('/var/lib', stateDirectory)
  const logsName = below('/var/log', logDirectory)
  return {
    usualState: stateName !== null,
    stateDirectoryName: unitWord(stateName ?? stateDirectory),
    stateVariable: unitWord(`STATE_DIRECTORY=${stateDirectory}`),
    stateDirectory: unitWord(stateDirectory),
    logsToFiles: answers.logs === 'files',
    usualLogs: logsName !== null,
    logsDirectoryName: unitWord(logsName ?? logDirectory),
    logDirectory: unitWord(logDirectory),
  }
}

// What the service runs must not be hidden from it.
function hiddenView(answers: SiteAnswers): View {
  const needed = [answers.workingDirectory, answers.node, answers.tsicorn]
  const inside = (pattern: RegExp) => needed.some((path) => pattern.test(path))
  return {
    protectHome: plain(inside(/^\/(?:home|root|run\/user)\//) ? 'read-only' : 'yes'),
    privateTmp: plain(inside(/^\/(?:tmp|var\/tmp)\//) ? 'no' : 'yes'),
  }
}

/** The rest of a path below a directory, or null when it is elsewhere. */
export function below(directory: string, path: string): string | null {
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : null
}
