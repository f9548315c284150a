/** The test files that are run in an emulated machine unless others are asked for: together they take a few minutes there. */
export const machineFiles: readonly string[] = [
  'sockets.test.ts',
  'reload.test.ts',
  'limits.test.ts',
  'privileges.test.ts',
  'encryption.test.ts',
]
