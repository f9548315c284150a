/** The test files that are run unless others are asked for: each group in a machine of its own, all machines at once. */
export const machineGroups: readonly (readonly string[])[] = [
  ['sockets.test.ts', 'reload.test.ts'],
  ['limits.test.ts', 'privileges.test.ts', 'encryption.test.ts'],
]
