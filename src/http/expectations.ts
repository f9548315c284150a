import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type Refusal, refusals } from './refusals.ts'

export type Refuse = (request: IncomingMessage, response: ServerResponse, refusal: Refusal) => void

/**
 * A client that waits for `100 Continue` gets it when the application begins to read, or begins an answer of success,
 * which it may make of what it reads: until then the client may still be told that its body is not wanted (RFC 9110,
 * 10.1.1). An application that listens for such requests answers them itself.
 */
export function answerExpectations(server: Server, refuse: Refuse): void {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const expected = membersOf(request.headers.expect)
    // node:http also takes a list with other expectations in it for this one.
    if (expected.some((one) => one !== '100-continue')) return refuse(request, response, refusals.expectation)
    if (expected.length > 0 && hasBody(request)) continueWhenRead(request, response)
    // With nothing to wait for, an answer need not close the connection, as node:http has it.
    else Reflect.set(response, '_expect_continue', false)
    server.emit('request', request, response)
  }
  for (const event of ['checkContinue', 'checkExpectation'] as const) {
    server.on(event, (request, response) => {
      if (server.listenerCount(event) === 1) answer(request, response)
    })
  }
}

function membersOf(expect = ''): readonly string[] {
  const members = expect.split(',').map((one) => one.trim().toLowerCase())
  return members.filter((one) => one !== '')
}

function hasBody({ httpVersionMajor, complete, headers }: IncomingMessage): boolean {
  if (httpVersionMajor === 2) return !complete
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const { _read } = request
  const { writeHead } = response
  const goOn = (): void => {
    request._read = _read
    response.writeHead = writeHead
    // After an answer the rest of the body is read to be thrown away, and nobody waits for more.
    if (!response.headersSent && !response.writableEnded && !request.complete) response.writeContinue()
  }
  request._read = (size) => {
    goOn()
    request._read(size)
  }
  // Every head goes through here, and after it no `100 Continue` can be said.
  response.writeHead = ((...given: Parameters<typeof writeHead>) => {
    if (given[0] < 300) goOn()
    return Reflect.apply(writeHead, response, given)
  }) as typeof writeHead
}
