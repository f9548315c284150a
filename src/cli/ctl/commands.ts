/** What `tsicorn ctl` understands, with a line of help for each. */
export const ctlCommands = {
  status: 'the master and its workers',
  top: 'the same, again and again, until q is pressed; --interval says how often',
  workers: 'the workers alone',
  config: 'the settings in effect, and where each came from',
  stats: 'requests a second since last asked, workers that ended by why, reloads',
  listeners: 'the addresses it listens on, and how many wait there to be accepted',
  reload: 'reload, and wait until it is done: exit status 1 when the old workers serve on',
  'scale N': 'want N workers until the next reload',
  reopen: 'reopen the log files',
  'kill PID': 'replace one worker',
  'shutdown [--quick]': 'stop the server',
} as const

/** The words themselves. */
export const ctlWords: readonly string[] = Object.keys(ctlCommands).map((usage) => usage.split(' ', 1)[0] ?? usage)
