import type { LeaveReason } from './state.ts'

/** Why a worker leaves, to follow the word "leaves" and a colon. */
export const leaveWords: Readonly<Record<LeaveReason, string>> = {
  replaced: 'its successor serves',
  surplus: 'fewer workers are wanted',
  stop: 'the server stops',
  paused: 'the workers are stopped',
  hung: 'its event loop was stuck',
  'boot-timeout': 'it was not ready in time',
  'reload-aborted': 'the reload was given up',
  'uncaught-error': 'an error that nobody caught',
  signal: 'TERM sent to it',
  'server-closed': 'the application closed its server',
  'thread-ended': 'one of its threads has ended',
}
