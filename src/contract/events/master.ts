import { row } from './row.ts'

/** What the master says of itself, of reloads and of hand-overs. */
export const masterEvents = {
  'master.listening': row('info', 'The sockets are open; the workers are about to be started. It names each address.'),
  'master.config': row('debug', 'Which application is served, and how many workers were asked for.'),
  'master.preloaded': row('info', 'With preload: the application has been loaded once, and the workers start.'),
  'master.ready': row('info', 'The first full set of workers serves.'),
  'master.paused': row('warning', 'WINCH: the workers stop, the sockets stay open.', 'HUP or TTIN serves again.'),
  'master.stopping': row('info', 'The server stops, and why: gracefully, or at once.'),
  'master.hurrying': row('warning', 'A second signal turned a graceful stop into one at once; requests are cut.'),
  'signal.idle': row('info', 'A signal came that can change nothing at present, and why.'),
  'workers.wanted': row('info', 'Another number of workers is wanted, by signal or by tsicorn ctl scale.'),
  'workers.limit': row('warning', 'More, or fewer, workers were asked for than there may be.'),
  'logs.reopened': row('info', 'USR1 or tsicorn ctl reopen: the log files are open anew.'),
  'reload.waiting': row('info', 'A reload was asked for and begins when what goes on is over.'),
  'reload.trying': row('info', 'A reload begins: config and application are tried in a throw-away process.'),
  'reload.done': row('info', 'Every worker is a new one. The record has the generation.'),
  'reload.failed': row(
    'error',
    'The reload changed nothing; the old workers serve on. The message says why.',
    'Mend what the message names, and reload again.',
  ),
  'reload.restart-needed': row(
    'warning',
    'Settings were changed that a reload cannot bring into effect; the record names them.',
    'Restart when that suits you, or take the change back.',
  ),
  'reload.files-changed': row('info', 'With reload: source files have changed, and a reload follows.'),
  'reload.watch-trouble': row(
    'warning',
    'With reload: some files cannot be watched.',
    'Changes there need a HUP; the message says what is in the way.',
  ),
  'reload.in-production': row(
    'warning',
    'The setting reload is on although NODE_ENV is production.',
    'Turn it off: it serves broken code as long as it takes somebody to mend it.',
  ),
  'hand-over.started': row('info', 'USR2: a new master starts on the same sockets.'),
  'hand-over.ready': row(
    'info',
    'The new master serves too.',
    'TERM to the old one commits, TERM to the new one goes back.',
  ),
  'hand-over.done': row('info', 'The old master is gone; this one is the master.'),
  'hand-over.refused': row('warning', 'USR2 cannot be obeyed at present, and why.', 'Send it again when that is over.'),
  'hand-over.failed': row('error', 'The new master is gone; the old one serves on.', 'See what the new one logged.'),
  'hand-over.incomplete': row(
    'error',
    'The new master serves, but could not take over the pid file, the control socket or the metrics address.',
    'The record has the reason; restart the server where that is needed.',
  ),
  'notify.failed': row(
    'warning',
    'The service manager could not be told how the server is.',
    'Type=notify with NotifyAccess=main belongs in the unit; the message has the reason.',
  ),
  'tls.certificate': row(
    'warning',
    'The certificate is out of time, or will be soon. The record has validTo.',
    'Renew it; a reload brings it into effect.',
  ),
} as const
