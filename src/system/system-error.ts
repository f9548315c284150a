import { getSystemErrorMap } from 'node:util'

/** A call to the system that failed, with the name of its errno. */
export class SystemError extends Error {
  override readonly name = 'SystemError'
  readonly code: string

  constructor(call: string, errno: number) {
    const [code, meaning] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'unknown error']
    super(`${meaning} (${call})`)
    this.code = code
  }
}
