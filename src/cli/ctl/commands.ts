/** What `tsicorn ctl` understands, with a line of help for each. */
export const ctlCommands = {
  status: 'the master and its workers',
  workers: 'the workers alone',
  config: 'the settings in effect',
  listeners: 'the addresses it listens on',
  reload: 'reload, and wait until it is done: exit status 1 when the old workers serve on',
  'scale N': 'want N workers until the next reload',
  reopen: 'reopen the log files',
  'kill PID': 'replace one worker',
  'shutdown [--quick]': 'stop the server',
} as const
