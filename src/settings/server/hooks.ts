import type { Hooks } from '../hooks.ts'
import { hook } from '../kinds/hook.ts'
import { optional } from '../kinds/optional.ts'
import { type Setting, type SettingsTable, setting } from '../setting.ts'

type Words = { readonly summary: string; readonly details: string; readonly synonyms?: readonly string[] }
type Row<Name extends keyof Hooks> = Setting<Hooks[Name] | null, Hooks[Name] | null> & { readonly only?: 'file' }

function row<Name extends keyof Hooks>(words: Words): Row<Name> {
  return setting({
    ...{ section: 'Hooks', kind: optional(hook<Name>()), default: null, only: 'file', takesEffect: 'reload' },
    ...words,
  })
}

const inMaster = 'Runs in the master, with the rights of the master.'
const inWorker =
  'Runs in each worker, and in each thread of a worker that has several, which evaluates the config file for itself, as the user of the workers.'

/** Functions of the config file that are called when something happens. None of them can take the server down. */
export const hookSettings = {
  onStarting: row<'onStarting'>({
    summary: 'called before the sockets are opened: onStarting(server)',
    details: `${inMaster} The pid file is written by then. It is waited for, at most 10 seconds.

For this and every hook: one that throws, rejects or does not settle within 10 seconds is logged with its name, and the server goes on. A hook that never pauses cannot be interrupted and stops the process it runs in.`,
  }),
  whenReady: row<'whenReady'>({
    summary: 'called when the first full set of workers serves: whenReady(server)',
    details: inMaster,
  }),
  onReload: row<'onReload'>({
    summary: 'called when a reload has been tried and takes effect: onReload(server)',
    details: `${inMaster} It is the function of the new config file; no worker has been replaced yet. A reload that fails calls nothing.`,
  }),
  preSpawn: row<'preSpawn'>({
    summary: 'called before each worker is started: preSpawn(server, worker)',
    details: `${inMaster} The worker is started at once when it returns; a promise is not waited for.`,
    synonyms: ['preFork'],
  }),
  postSpawn: row<'postSpawn'>({
    summary: 'called in a new worker before it loads the application: postSpawn(worker)',
    details: `${inWorker} Root has been left behind by then, unlike in Gunicorn's post_fork: what needs root belongs in preSpawn. It is waited for, at most 10 seconds. It runs in the throw-away process that tries a reload as well, as worker 0, because the application may count on it.`,
    synonyms: ['postFork'],
  }),
  workerReady: row<'workerReady'>({
    summary: 'called in a worker that is about to serve: workerReady(worker)',
    details: `${inWorker} The application is loaded and healthy. It is waited for, at most 10 seconds, and then the worker gets its first request. What it leaves going on in the background counts as the application's own.`,
    synonyms: ['postWorkerInit'],
  }),
  workerExit: row<'workerExit'>({
    summary: 'called in a worker that has served and ends: workerExit(worker)',
    details: `${inWorker} All its requests are answered or cut. It is waited for as long as the worker still has, at most 10 seconds. A worker that is killed, crashes or calls process.exit() has no time for it; childExit sees them all.`,
  }),
  childExit: row<'childExit'>({
    summary: 'called when the process of a worker has ended: childExit(server, worker, exit)',
    details: `${inMaster} However the worker ended: exit has its code, its signal, and the reason in the words of the log.`,
  }),
  workerAbort: row<'workerAbort'>({
    summary: 'called when a stuck worker has been killed: workerAbort(server, worker, stall)',
    details: `${inMaster} A stuck event loop runs no function of its own, so this one gets what was seen from outside: the stack, innermost function first, and the requests without an answer.`,
  }),
  workersChanged: row<'workersChanged'>({
    summary: 'called when another number of workers is wanted: workersChanged(server, now, before)',
    details: `${inMaster} At the start, where before is null, and by TTIN, TTOU, tsicorn ctl scale or a reload with another number.`,
    synonyms: ['nworkersChanged'],
  }),
  preRequest: row<'preRequest'>({
    summary: 'called before the application sees a request: preRequest(worker, request)',
    details: `${inWorker} The head of the request is complete and the client is known. The request does not wait for a promise. WebSocket handshakes and other upgrades are no requests here. Without preRequest and postRequest they cost nothing.`,
  }),
  postRequest: row<'postRequest'>({
    summary: 'called when a request is over: postRequest(worker, request, response, milliseconds)',
    details: `${inWorker} The answer is out, or its connection is gone: response.writableFinished tells which.`,
  }),
  onExit: row<'onExit'>({
    summary: 'called last, when the workers are gone: onExit(server, status)',
    details: `${inMaster} The sockets and the pid file are gone as well. It is waited for, at most 10 seconds. Called whenever onStarting was due, also when the server could not start. The status is that of the process.`,
  }),
} as const satisfies SettingsTable
