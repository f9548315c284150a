/**
 * The test files that are run unless others are asked for: each group in a machine of its own, all machines at once. Files
 * that begin with the same site are in one group: it is set up once.
 */
export const machineGroups: readonly (readonly string[])[] = [
  ['sockets', 'reload', 'watchdog', 'limits', 'logs', 'disk', 'privileges', 'encryption'],
  ['newcomer', 'runbook'],
].map((group) => group.map((name) => `${name}.test.ts`))
