import { workerClass } from '../kinds/worker-class.ts'
import { type SettingsTable, setting } from '../setting.ts'

/** How a worker serves the connections it gets. */
export const workerClassSettings = {
  workerClass: setting({
    section: 'Workers',
    kind: workerClass,
    default: 'async',
    short: 'k',
    synonyms: ['class', 'mode', 'execMode'],
    summary: 'how a worker serves: async, sync, or the module of a class of your own',
    details: `async, the default, is for applications that wait: for a database, another service, a file. A worker takes every connection that comes and works on all requests at once, as Node does.

sync is for applications that compute: rendering on the server, images, documents. A worker takes one request at a time, and while the application has it, accepts no other: whoever comes next waits in the queue of the socket (--backlog), where the first worker that is free takes them. With async, a request would often wait behind a computation although another worker has nothing to do. Set as many workers as there are processors, and let them share one socket: do not write {slot} in --bind, because a socket of one's own is a queue of one's own. Every answer says Connection: close, because the next request on a kept connection would be bound to the same worker. A request counts from its head to the end of its answer by the application, so an application that waits for something makes the others wait too. A client that is silent for 100 ms after it has connected, or slow to read the answer, does not hold the worker; a slow upload does, so put a proxy that buffers in front (nginx does). WebSockets work, and do not count.

A path, such as ./my-class.js, is a module with a class of your own as its default export: { name, create(context) }. The worker loads it before the application; TypeScript files load too, and tsicorn exports the type WorkerClass. create is given the config, the log, the listeners, the server of the application and front(), which makes what async serves with; it returns an object with listenOn, drain, stats and inFlight, or that of front() with some of these replaced. When the module cannot be loaded or create fails, the worker cannot start: status 3.`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
