/** More workers than this are never wanted: a runaway TTIN must not fill the machine. */
export const mostWorkers = 512
