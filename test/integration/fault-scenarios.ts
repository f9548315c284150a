/** A test that shows a scenario, by its file below test/ and words of its name. */
export type Proof = { readonly file: string; readonly words: string }

export type Scenario = { readonly what: string; readonly shownBy: readonly Proof[] }

const proof = (file: string, words: string): Proof => ({ file, words })

/** What can go wrong on a host, and the tests that show what becomes of the requests then. */
export const scenarios: readonly Scenario[] = [
  {
    what: 'a worker is killed',
    shownBy: [proof('integration/fault-workers.test.ts', 'costs the requests it had in hand, and no other')],
  },
  {
    what: 'all workers are killed at once',
    shownBy: [proof('integration/fault-workers.test.ts', 'all workers killed at once are started once each')],
  },
  {
    what: 'the master is killed',
    shownBy: [
      proof('integration/fault-sockets.test.ts', 'a killed master leaves no worker, stuck ones included'),
      proof('integration/orphans.test.ts', 'whoever is stuck in loading the application'),
      proof('integration/orphans.test.ts', 'a stopped worker goes with a killed master'),
    ],
  },
  {
    what: 'a reload finds an application that throws, exits, hangs or cannot be parsed',
    shownBy: [
      proof('integration/serve-signals.test.ts', 'HUP with a broken application keeps the old workers'),
      proof('integration/fault-workers.test.ts', 'a reload to it changes nothing'),
      proof('integration/reload-unhealthy.test.ts', 'keeps the old workers, and whoever asked or watches learns why'),
    ],
  },
  {
    what: 'twenty reloads under load',
    shownBy: [proof('integration/drain-reload.test.ts', 'twenty reloads under load lose nothing')],
  },
  {
    what: 'a storm of reloads',
    shownBy: [proof('integration/reload-keeps-descriptors.test.ts', 'a storm of HUPs under load loses no request')],
  },
  {
    what: 'a reload while a long answer streams',
    shownBy: [proof('integration/drain-reload.test.ts', 'upload, download')],
  },
  {
    what: 'a reload with idle kept-alive connections',
    shownBy: [
      proof('integration/worker-drain.test.ts', 'an idle kept-alive connection still gets the answer to a POST'),
      proof('stack/worker-behind-nginx.test.ts', 'replacing workers behind nginx loses no request'),
    ],
  },
  {
    what: 'an answer that outlasts the grace',
    shownBy: [proof('integration/drain-deadline.test.ts', 'is cut and named in the log')],
  },
  {
    what: 'a hand-over under load, committed',
    shownBy: [
      proof('integration/drain-hand-over.test.ts', 'a hand-over to a new master loses nothing'),
      proof('integration/fault-hand-over.test.ts', 'three hand-overs in a row lose no request'),
    ],
  },
  {
    what: 'a hand-over to a broken master, or backed out of',
    shownBy: [
      proof('integration/serve-hand-over.test.ts', 'a new master that cannot load the application'),
      proof('integration/fault-hand-over.test.ts', 'an upgrade is backed out of'),
    ],
  },
  {
    what: 'one worker blocks for a minute',
    shownBy: [
      proof('integration/serve-failures.test.ts', 'is killed and replaced while the other serves'),
      proof('integration/fault-workers.test.ts', 'is killed with the place and the request in the log'),
    ],
  },
  {
    what: 'the master is stopped for a while',
    shownBy: [proof('integration/fault-workers.test.ts', 'kills no healthy worker when it goes on')],
  },
  {
    what: 'a worker ignores every request to stop',
    shownBy: [proof('integration/fault-workers.test.ts', 'a worker that cannot be asked to stop is killed')],
  },
  {
    what: 'TERM during a request',
    shownBy: [
      proof('integration/serve-signals.test.ts', 'TERM lets the request in flight finish'),
      proof('integration/serve-listeners.test.ts', 'is gone after the stop'),
    ],
  },
  {
    what: 'a second TERM during the drain',
    shownBy: [proof('integration/serve-signals.test.ts', 'a second TERM hurries')],
  },
  {
    what: 'the application throws at a cold start',
    shownBy: [proof('integration/serve-failures.test.ts', 'an application that cannot be loaded ends')],
  },
  {
    what: 'a worker dies soon after it was ready, for ever',
    shownBy: [proof('integration/fault-workers.test.ts', 'is started ever later, and comes back once it is mended')],
  },
  {
    what: 'the application hangs in its start',
    shownBy: [
      proof('integration/serve-failures.test.ts', 'never becomes ready ends the server with status 3'),
      proof('integration/fault-workers.test.ts', 'blocks while it is loaded is killed at the boot timeout'),
    ],
  },
  {
    what: 'too many processes',
    shownBy: [
      proof('integration/fault-forks.test.ts', 'when the system refuses new processes'),
      proof('integration/fault-forks.test.ts', 'a thousand TTINs'),
    ],
  },
  {
    what: 'no descriptor to spare',
    shownBy: [
      proof('integration/fault-workers.test.ts', 'a worker without a descriptor to spare does not spin'),
      proof('integration/fault-forks.test.ts', 'when the master has no descriptor to spare'),
    ],
  },
  {
    what: 'the log is on a full disk, or its reader is gone',
    shownBy: [
      proof('integration/log-trouble.test.ts', 'a full disk costs lines'),
      proof('integration/access-log-full-disk.test.ts', 'a full disk costs lines and no request'),
      proof('integration/log-trouble.test.ts', 'a reader of stderr that goes away'),
    ],
  },
  {
    what: 'log rotation under load',
    shownBy: [
      proof('integration/access-log-rotation.test.ts', 'loses no line, writes none twice and tears none'),
      proof('integration/access-log-soak.test.ts', 'each has its one line'),
    ],
  },
  {
    what: 'slow clients',
    shownBy: [
      proof('integration/hostile-clients.test.ts', 'two thousand clients that never finish their heads'),
      proof('integration/hostile-clients.test.ts', 'clients that never read hold no memory'),
      proof('integration/hostile-clients.test.ts', 'uploads that stop half way hold no memory'),
      proof('integration/worker-timeouts.test.ts', 'a head that does not end gets 408'),
      proof('integration/worker-timeouts.test.ts', 'a client that is silent within a body gets 408'),
    ],
  },
  {
    what: 'a burst of 2,000 connections',
    shownBy: [proof('integration/fault-sockets.test.ts', 'a burst of 2,000 connections')],
  },
  {
    what: 'uploads broken off and connections reset',
    shownBy: [proof('integration/fault-sockets.test.ts', 'connections that are reset in the middle')],
  },
  {
    what: 'half-closed clients, and errors that nobody caught',
    shownBy: [
      proof('integration/fault-sockets.test.ts', 'a client that closes its sending half'),
      proof('integration/serve-failures.test.ts', 'is replaced and the log says how it ended'),
      proof('integration/worker-leaves.test.ts', 'after an error that nobody caught'),
    ],
  },
  {
    what: 'socket and pid files removed, taken or left over',
    shownBy: [
      proof('integration/fault-sockets.test.ts', 'a socket file that somebody removed'),
      proof('integration/fault-sockets.test.ts', 'a path that another process took'),
      proof('integration/fault-sockets.test.ts', 'a second server with the same socket or pid file'),
      proof('integration/pidfile.test.ts', 'a pid file whose pid now belongs to another program'),
    ],
  },
  {
    what: 'the clock jumps, memory runs out, a worker ends by itself',
    shownBy: [
      proof('integration/clock-jumps.test.ts', 'the clock of the host jumps an hour either way'),
      proof('integration/fault-workers.test.ts', 'a clock that jumps an hour either way'),
      proof('integration/serve-ends.test.ts', 'that the kernel kills for want of memory'),
      proof('integration/serve-ends.test.ts', 'two workers that the kernel kills at once'),
      proof('integration/serve-failures.test.ts', 'is replaced and the log says how it ended'),
    ],
  },
  {
    what: 'thousands of worker deaths and reloads, for minutes',
    shownBy: [proof('soak/main.ts', ''), proof('soak/reloads.ts', '')],
  },
]
