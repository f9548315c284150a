/** What each signal asks of the master, in the words of the documentation. */
export const masterSignals = {
  SIGTERM: 'stop gracefully: finish the requests in flight, then exit; a second one hurries',
  SIGINT: 'stop quickly: exit as soon as the workers are gone; a second one hurries',
  SIGQUIT: 'stop quickly, like INT',
  SIGHUP: 'reload: config and application are tried, then workers are replaced one by one',
  SIGTTIN: 'one worker more',
  SIGTTOU: 'one worker fewer, never below one',
  SIGUSR1: 'reopen the log files',
  SIGUSR2: 'hand over: start a new master on the same sockets beside this one',
  SIGWINCH: 'stop the workers, keep the master',
} as const

export type MasterSignal = keyof typeof masterSignals

/** The signal that log rotation sends. */
export const reopenSignal: MasterSignal = 'SIGUSR1'
