import { type ExitCode, exitCodes } from './exit-codes.ts'

/** Every failure tsicorn reports by name: the exit status it leads to, and what it says in general. */
export const errorCodes = {
  USAGE: { exit: exitCodes.usage, summary: 'The command line cannot be understood.' },
  CONFIG_INVALID: { exit: exitCodes.usage, summary: 'One or more settings have a value that cannot be used.' },
  CONFIG_UNREADABLE: { exit: exitCodes.usage, summary: 'The config file cannot be read or evaluated.' },
  USER_UNKNOWN: { exit: exitCodes.usage, summary: 'The user or group to switch to does not exist.' },
  NOT_PERMITTED: { exit: exitCodes.usage, summary: 'What was asked needs root.' },
  CERTIFICATE: { exit: exitCodes.usage, summary: 'The certificate or its key cannot be used.' },
  BIND_IN_USE: { exit: exitCodes.bind, summary: 'Another process listens on the address.' },
  BIND_REFUSED: { exit: exitCodes.bind, summary: 'The system refuses to listen on the address.' },
  BIND_NOT_A_SOCKET: { exit: exitCodes.bind, summary: 'Something that is not a socket stands at the path.' },
  ALREADY_RUNNING: { exit: exitCodes.bind, summary: 'The pid file names a running master.' },
  WORKER_BOOT: { exit: exitCodes.workerBoot, summary: 'No worker could start.' },
  APP_LOAD: { exit: exitCodes.appLoad, summary: 'The application could not be loaded.' },
  ANSWERS_INVALID: { exit: exitCodes.usage, summary: 'One or more answers cannot be used in the generated files.' },
  FILE_EXISTS: { exit: exitCodes.usage, summary: 'A file that would be written exists with other content.' },
  BUNDLE_MISSING: { exit: exitCodes.usage, summary: 'There is no bundle where one was expected.' },
  PORT_IN_USE: { exit: exitCodes.usage, summary: 'A port the rehearsal needs is taken.' },
  PROGRAM_MISSING: { exit: exitCodes.usage, summary: 'A program that is needed is not installed.' },
  STACK_FAILED: { exit: exitCodes.usage, summary: 'The stack to be checked did not come up.' },
  NOT_TRUSTED: { exit: exitCodes.usage, summary: 'Something on the way to a file could lead root elsewhere.' },
  HOST_UNFIT: { exit: exitCodes.usage, summary: 'The host lacks something that the site needs.' },
  DEPLOY_LOCKED: { exit: exitCodes.usage, summary: 'Another deployment is at work on this host.' },
  DEPLOY_REFUSED: { exit: exitCodes.usage, summary: 'A file of the bundle is refused by the program it is for.' },
  DEPLOY_FAILED: { exit: exitCodes.failure, summary: 'A deployment failed, and what was there is back in place.' },
  FAILURE: { exit: exitCodes.failure, summary: 'Something unforeseen went wrong.' },
} as const satisfies Record<string, { exit: ExitCode; summary: string }>

export type ErrorCode = keyof typeof errorCodes

/**
 * A failure with a name, an exit status and, where there is one, the next step for the person reading it.
 * The message says what was expected and what came; it is printed without a stack trace.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: ErrorCode
  readonly fix: string | undefined
  /** What stands in the way is about to go by itself. */
  readonly mayPass: boolean

  constructor(code: ErrorCode, message: string, options: { fix?: string; cause?: unknown; mayPass?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fix = options.fix
    this.mayPass = options.mayPass ?? false
  }

  get exit(): ExitCode {
    return errorCodes[this.code].exit
  }
}
