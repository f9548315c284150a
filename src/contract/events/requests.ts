import { row } from './row.ts'

/** What becomes of requests and connections, and of the lines about them. */
export const requestEvents = {
  'request.refused': row(
    'info',
    'A request broke a rule of HTTP or a limit; the application has not seen it. reason says which.',
  ),
  'request.refused-more': row(
    'info',
    'So many more requests were refused within ten seconds, by status; they have no record each.',
    'Look at the access log for who sends them.',
  ),
  'request.timeout': row(
    'warning',
    'The application made no progress with a request for as long as requestTimeout; it was ended. The worker serves on.',
    'requestId finds it in other logs; method and path say what to look at.',
  ),
  'request.failed': row(
    'error',
    'A fetch handler threw, or its answer broke off. The client got 500, or half an answer.',
    'err has the stack; requestId finds the request in other logs.',
  ),
  'request.aborted': row('debug', 'A client broke off its upload, and the application did not listen for that.'),
  'proxy.refused': row(
    'warning',
    'A peer in proxyAllowFrom sent no sound PROXY header; its connection was closed.',
    'See that the balancer speaks the PROXY protocol, or take it out of the list.',
  ),
  'front.cannot-accept': row(
    'error',
    'Connections cannot be accepted, for want of descriptors mostly. Told at most every ten seconds.',
    'Raise LimitNOFILE; look for leaked descriptors in the application.',
  ),
  'front.full-of-connections': row(
    'warning',
    'A worker has as many connections as workerConnections allows; the next ones wait at the socket. Told at most every ten seconds.',
    'More workers, or a higher limit where memory allows.',
  ),
  'front.full-of-descriptors': row(
    'warning',
    'A worker is about to run out of file descriptors; new connections wait until some are free.',
    'Raise LimitNOFILE; look for leaked descriptors in the application.',
  ),
  'log.lost': row(
    'warning',
    'Records could not be written to the error log; lost is their number, reason why.',
    'Free the disk, or see who should read the pipe.',
  ),
  'log.reopen-failed': row(
    'error',
    'The log file could not be opened anew; the old one is written to.',
    'See directory and rights, then send USR1 again.',
  ),
  'logger.lost': row(
    'warning',
    'The logger of the config file is too slow: so many records were not handed to it.',
    'Let it do less, or later.',
  ),
  'access-log.stuck': row(
    'warning',
    'The access log takes no lines; some are kept for it. Requests are served.',
    'Free the disk, or see who should read the pipe.',
  ),
  'access-log.lost': row('warning', 'The access log takes lines again; lost is the number of those that are missing.'),
  'access-log.reopen-failed': row(
    'error',
    'The access log could not be opened anew; the old file is written to.',
    'See directory and rights, then send USR1 again.',
  ),
  'syslog.stuck': row(
    'warning',
    'The syslog daemon has taken no message for some seconds; some are kept for it.',
    'See whether the daemon runs, and logSyslogTo.',
  ),
  'syslog.lost': row(
    'warning',
    'The syslog daemon takes messages again; lost is the number of those that are missing.',
  ),
} as const
