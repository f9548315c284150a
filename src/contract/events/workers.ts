import { row } from './row.ts'

/** What becomes of workers. Their records have worker, slot and workerPid. */
export const workerEvents = {
  'worker.ready': row('debug', 'A worker has loaded the application and is healthy.'),
  'worker.replaced': row('info', 'A worker leaves because its successor is ready.'),
  'worker.surplus': row('info', 'A worker leaves because fewer are wanted.'),
  'worker.recycling': row('info', 'A worker is to be replaced: max-requests, max-memory, or because somebody asked.'),
  'worker.leaving': row(
    'warning',
    'A worker leaves of its own accord: an uncaught error, TERM to it, a closed server. It finishes its requests.',
    'For an uncaught error see worker.uncaught-error just before.',
  ),
  'worker.left': row(['debug', 'warning'], 'A worker that was leaving is gone; a warning when it had to be killed.'),
  'worker.died': row(
    'error',
    'A worker that served has ended: its requests are lost. It is replaced, more and more slowly if that goes on.',
    'code and signal tell how. SIGKILL from outside is often the kernel, for want of memory: see dmesg and max-memory.',
  ),
  'worker.hung': row(
    'error',
    'A worker was silent beyond the timeout and is killed. The record has the stack of its event loop, and its requests.',
    'Look at the place in the stack: a loop, a synchronous call, a regular expression.',
  ),
  'worker.cannot-start': row(
    ['error', 'critical'],
    'A worker cannot start: the application fails to load, or is not ready in time. Critical when nothing serves yet and the server ends.',
    'The message names the cause, fix what to do. Later failures are tried again, more and more slowly.',
  ),
  'worker.interrupted': row('warning', 'A signal ended a worker while it started. It is started again.'),
  'worker.cannot-listen': row(
    'critical',
    'A worker cannot use the sockets it inherited, and ends.',
    'Restart the server.',
  ),
  'worker.thread-ended': row(
    'error',
    'One of the threads of a worker has ended; the others finish their requests and the worker is replaced.',
    'Look for what calls process.exit(), or for the error in the message.',
  ),
  'worker.uncaught-error': row(
    'error',
    'Nobody caught an error of the application. The worker finishes its requests and is replaced.',
    'err has the stack: mend the application.',
  ),
  'worker.server-closed': row(
    'warning',
    'The application closed its own server: the worker ends.',
    'Do not call close() while serving.',
  ),
  'worker.requests-cut': row(
    'warning',
    'The time to leave was over: these requests were cut.',
    'Raise gracefulTimeout, or make them shorter.',
  ),
  'worker.shutdown-failed': row(
    'error',
    'The shutdown of the application, or its close(), failed. The worker ended all the same.',
    'err has the stack.',
  ),
  'worker.shutdown-late': row(
    'warning',
    'The shutdown of the application was not over in time.',
    'Raise gracefulTimeout, or close faster.',
  ),
  'worker.compile-cache': row('debug', 'With preload: where compiled code is kept.'),
  'worker.no-compile-cache': row('debug', 'With preload: compiled code is not kept, and why.'),
  'worker.output': row(
    ['info', 'warning'],
    'With captureOutput: a line that the application printed; a warning when it was to standard error.',
  ),
  'worker.output-lost': row(
    'warning',
    'With captureOutput: the application printed more within a second than is told. lost is the number of lines.',
    'Print less, or leave captureOutput off.',
  ),
  'hook.failed': row(
    'error',
    'A function of the config file threw, rejected or took too long. The server goes on.',
    'hook has its name, err the stack.',
  ),
} as const
