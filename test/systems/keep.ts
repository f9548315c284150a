import type { System } from './system.ts'

/** Set by `npm test -- systems --keep`. */
const keeps = process.env['TSICORN_TEST_KEEP'] === '1'

/** What the text of a failure says about looking into the machine. */
export function tellOfKeeping({ enterBy, endBy }: System): string {
  if (!keeps) return 'TSICORN_TEST_KEEP=1, or npm test -- systems --keep, keeps the machine of a failure for a look'
  return `The machine is kept.\nA shell in it: ${enterBy}\nEnd it with: ${endBy}`
}

/** Ends a machine, unless something failed in it and it is to be kept: then its processes are let go. */
export async function leave(system: System, hasFailed: boolean): Promise<void> {
  if (hasFailed && keeps) system.release()
  else await system[Symbol.asyncDispose]()
}
