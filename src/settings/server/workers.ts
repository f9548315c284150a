import { mostWorkers } from '../../contract/most-workers.ts'
import { duration } from '../kinds/duration.ts'
import { integer, integerOr } from '../kinds/integer.ts'
import { optional } from '../kinds/optional.ts'
import { size } from '../kinds/size.ts'
import { onOff } from '../kinds/switch.ts'
import { type SettingsTable, setting } from '../setting.ts'

const second = 1000
const day = 24 * 60 * 60 * second

/** How many workers there are and how long they may take. */
export const workerSettings = {
  workers: setting({
    section: 'Workers',
    kind: integerOr('auto', { min: 1, max: mostWorkers }),
    default: 1,
    short: 'w',
    environment: ['WEB_CONCURRENCY'],
    synonyms: ['instances', 'processes', 'cluster', 'concurrency'],
    summary: 'how many worker processes to keep running',
    details: `auto takes one for each processor, and fewer where the control group of the service or container has a smaller quota of processor time, or less than 128 MB of memory for each. --print-config tells the number and the reason.

Each worker is a process with its own memory: what the application keeps in a variable, another worker does not see.`,
    takesEffect: 'reload',
  }),
  timeout: setting({
    section: 'Workers',
    kind: duration({ min: 0, max: day }),
    default: 30 * second,
    short: 't',
    summary: 'replace a worker whose event loop stands still for this long; 0 never does',
    details: `A worker sends heartbeats as long as its event loop turns. A request that takes longer than this is fine, as long as it waits; code that computes without a pause for this long is not.`,
    takesEffect: 'reload',
  }),
  stallTrace: setting({
    section: 'Workers',
    kind: onOff,
    default: true,
    synonyms: ['stackTrace', 'watchdogThread', 'blockedTrace'],
    summary: 'a thread in each worker tells where a stuck event loop stands; it takes 9 MB',
    details: `The thread reads the stack and the requests of a loop that stands still, and the log has them when timeout is over. It also ends a worker that is stuck when its master has been killed. It takes about 10 MB of memory and 40 ms of processor time at the start of each worker.

Without it a stuck worker is replaced just the same, and nobody knows what it was doing; one whose master was killed runs on until somebody ends it. Under systemd that is done by systemd.`,
    takesEffect: 'reload',
  }),
  gracefulTimeout: setting({
    section: 'Workers',
    kind: duration({ min: 0, max: day }),
    default: 30 * second,
    synonyms: ['killTimeout', 'shutdownTimeout', 'stopTimeout', 'gracefulShutdownTimeout'],
    summary: 'how long a leaving worker may finish what it began',
    details: `Holds for a stop, a reload and a worker that is replaced. When it is over, connections that are still open are cut, and their requests are named in the log. The stop timeout of the service manager must be longer.

Until then every request on a connection of the worker is answered, in the order in which they came, and the last answer says Connection: close. What a client had sent behind such an answer is not carried out, not even in part, so it may be sent again, POST included (RFC 9112, 9.3.2 and 9.6). Connections without a request are closed after drainIdle. WebSockets are told 1001. A client that closes its sending half is taken to have left, as always in Node.`,
    takesEffect: 'reload',
  }),
  bootTimeout: setting({
    section: 'Workers',
    kind: duration({ min: second, max: day }),
    default: 60 * second,
    synonyms: ['listenTimeout', 'startTimeout', 'waitReady'],
    summary: 'how long a new worker may take to load the application and be ready',
    details: `Loading, connecting to databases and answering the health path are part of it. When it is over, the worker counts as failed: at the start the server ends with status 3, later it tries again.`,
    takesEffect: 'reload',
  }),
  preload: setting({
    section: 'Workers',
    kind: onOff,
    default: false,
    synonyms: ['preloadApp', 'compileCache', 'warmUp'],
    summary: 'load the application once before any worker, to check it and to warm the compile cache',
    details: `Node cannot share a loaded application between processes, as Gunicorn's preload does. What this does: a process of its own loads the application and asks its health path, and is thrown away. When that fails the server ends with status 4 or 3 and one message, however many workers there are to be.

From Node 22.8 on, the compiled code of every module is kept in a folder that only the user of the workers may write: below $CACHE_DIRECTORY, $XDG_CACHE_HOME, ~/.cache or the folder for temporary files. All workers start from there, also after a reload or a crash, and after a restart of the server. Measured on Node 24, a Nest application took 254 ms of processor time to load instead of 306, an Express application 87 instead of 95. On Node 20 there is no such cache: the check remains, and costs the time of one start.`,
    takesEffect: 'restart',
  }),
  reloadBatch: setting({
    section: 'Workers',
    kind: integer({ min: 1, max: mostWorkers }),
    default: 1,
    summary: 'how many workers a reload replaces at a time',
    details: `Each new worker is ready before the one it replaces leaves, so a larger number needs room for that many more workers for a moment.

While those who serve need the processors, a new worker gets nothing of them (SCHED_IDLE); it counts as much as they do when it is ready, or after a tenth of bootTimeout. That takes the right to come back: CAP_SYS_NICE, or for a master that is not root LimitNICE=+0, as in the generated unit (ulimit -e 20); without it no worker stands back.`,
    takesEffect: 'reload',
  }),
  maxRequests: setting({
    section: 'Workers',
    kind: integer({ min: 0, max: 1e9 }),
    default: 0,
    synonyms: ['requestsPerChild', 'maxRequestsPerChild'],
    summary: 'replace a worker after so many requests; 0 never does',
    details: `A remedy for an application that leaks. The limit is noticed within a few requests; by the class threads, which adds up what its threads did, with a heartbeat. The worker serves on until its successor is ready, and of all workers that are due at most a quarter is replaced at a time.`,
    takesEffect: 'reload',
  }),
  maxRequestsJitter: setting({
    section: 'Workers',
    kind: integer({ min: 0, max: 1e9 }),
    default: 0,
    summary: 'add up to so many to --max-requests, by chance, so that workers are not due together',
    details: 'Each worker draws its own number when it starts. Without effect where maxRequests is 0.',
    takesEffect: 'reload',
  }),
  maxMemory: setting({
    section: 'Workers',
    kind: optional(size({ min: 16 * 1024 ** 2, max: 1024 ** 4 })),
    default: null,
    synonyms: ['maxMemoryRestart', 'reloadOnRss'],
    summary: 'replace a worker whose resident memory exceeds this, such as 512m',
    details: `Looked at with each heartbeat. The worker serves on until its successor is ready.`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
