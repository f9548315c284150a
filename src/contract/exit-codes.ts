/** Exit statuses of `tsicorn serve`. Service units refuse to restart on the ones that a restart cannot mend. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, workerBoot: 3, appLoad: 4, bind: 5 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Exit statuses of `tsicorn deploy --check` and `tsicorn rehearse --once`. */
export const checkExitCodes = { noneFailed: 0, someFailed: 1, couldNotCheck: 2 } as const
