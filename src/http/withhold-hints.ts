import { type IncomingMessage, ServerResponse } from 'node:http'

type Hints = ServerResponse['writeEarlyHints']

let isDone = false

/**
 * Early hints (103) and 102 stay here where a proxy has asked: nginx before 1.29 takes them for the whole answer, and its
 * visitor waits for ever. They only hasten what the answer says anyway (RFC 8297, 2).
 */
export function withholdHints(): void {
  if (isDone) return
  isDone = true
  const { writeEarlyHints, writeProcessing } = ServerResponse.prototype
  ServerResponse.prototype.writeEarlyHints = function (this: ServerResponse, ...given: Parameters<Hints>): void {
    if (!isProxied(this.req)) return Reflect.apply(writeEarlyHints, this, given)
    const [, done] = given
    if (done !== undefined) process.nextTick(done)
  }
  ServerResponse.prototype.writeProcessing = function (this: ServerResponse, ...given: []): void {
    if (!isProxied(this.req)) Reflect.apply(writeProcessing, this, given)
  }
}

/** What an untrusted peer says in these fields has been removed. Who has no address is on a unix socket. */
function isProxied({ headers, socket }: IncomingMessage): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers['x-forwarded-proto'] !== undefined) return true
  return headers['forwarded'] !== undefined || socket.remoteAddress === undefined
}
