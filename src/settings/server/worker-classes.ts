import { integer } from '../kinds/integer.ts'
import { workerClass } from '../kinds/worker-class.ts'
import { type SettingsTable, setting } from '../setting.ts'

/** A thread has its own copy of every listener's descriptor, and its own copy of the application in memory. */
const mostThreads = 64

/** How a worker serves the connections it gets. */
export const workerClassSettings = {
  workerClass: setting({
    section: 'Workers',
    kind: workerClass,
    default: 'async',
    short: 'k',
    synonyms: ['class', 'mode', 'execMode'],
    summary: 'how a worker serves: async, sync, threads, or the module of a class of your own',
    details: `async, the default, is for applications that wait: for a database, another service, a file. A worker takes every connection that comes and works on all requests at once, as Node does.

sync is for applications that compute: rendering on the server, images, documents. A worker takes one request at a time, and while the application has it, accepts no other: whoever comes next waits in the queue of the socket (--backlog), where the first worker that is free takes them. With async, a request would often wait behind a computation although another worker has nothing to do. Set as many workers as there are processors, and let them share one socket: do not write {slot} in --bind, because a socket of one's own is a queue of one's own. Every answer says Connection: close, because the next request on a kept connection would be bound to the same worker. A request counts from its head to the end of its answer by the application, so an application that waits for something makes the others wait too. A client that is silent for 100 ms after it has connected, or slow to read the answer, does not hold the worker; a slow upload does, so put a proxy that buffers in front (nginx does). WebSockets work, and do not count.

threads runs as many event loops as --threads says in one process, each with its own copy of the application.

A path, such as ./my-class.js, is a module with a class of your own as its default export: { name, create(context) }. The worker loads it before the application; TypeScript files load too, and tsicorn exports the type WorkerClass. create is given the config, the log, the listeners, the server of the application and front(), which makes what async serves with; it returns an object with listenOn, drain, stats and inFlight, or that of front() with some of these replaced; tsicorn docs worker-classes has an example. When the module cannot be loaded or create fails, the worker cannot start: status 3.`,
    takesEffect: 'reload',
  }),
  threads: setting({
    section: 'Workers',
    kind: integer({ min: 1, max: mostThreads }),
    default: 1,
    synonyms: ['workerThreads'],
    summary: 'how many event loops a worker runs, each in a thread with its own copy of the application',
    details: `More than 1 makes the worker class threads, which can also be named with --worker-class. The threads of a worker share its process and nothing of its JavaScript: what the application keeps in a variable, another thread does not see. A thread needs less memory than a worker, because code and libraries are there once.

All promises hold for the worker as a whole. It is ready when all its threads are; it is replaced by --max-requests and --max-memory by what they have done and hold together; when one event loop stands still for --timeout, or one thread ends by an error that nobody caught or by process.exit(), the worker is replaced with all its threads, and requests in the other threads are finished first. A crash of native code, or of the process for want of memory, takes all its threads at once, which is what separate workers are for.

In a thread process.chdir() to another directory and a new process.umask() are refused, signals do not arrive, process.env is a copy, and native addons that can be loaded only once in a process do not load; such an application needs workers instead. The hooks of workers are called in each thread, whose number is worker.thread. Metrics and tsicorn ctl status tell of a worker what all its threads do.`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
