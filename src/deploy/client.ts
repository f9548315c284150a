import { type Agent, type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestEncrypted } from 'node:https'

/** An address to ask, and the name to ask it under. */
export type Endpoint = {
  readonly host: string
  readonly port: number
  readonly encrypted: boolean
  /** For the Host field and the server name of TLS. */
  readonly name: string
}

export type Question = {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** The address to come from. */
  readonly from?: string
  /** Keeps connections alive between questions; without it each question has its own connection. */
  readonly agent?: Agent
  readonly within?: number
  readonly signal?: AbortSignal | undefined
}

export type Answer = {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** More of a body than this is read but not kept. */
const longestBody = 256 * 1024

/** How an endpoint is written in an address bar. The port that the scheme implies is left out. */
export function urlOf(endpoint: Endpoint, path = ''): string {
  const scheme = endpoint.encrypted ? 'https' : 'http'
  const implied = endpoint.encrypted ? 443 : 80
  return `${scheme}://${endpoint.name}${endpoint.port === implied ? '' : `:${endpoint.port}`}${path}`
}

/**
 * Asks one question and reads the whole answer.
 * Whether the certificate is right is a check of its own, so it is not looked at here: one fault, one failing check.
 */
export function ask(endpoint: Endpoint, question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = open(endpoint, question)
    request.once('error', reject)
    request.once('response', (response) => {
      response.once('error', reject)
      response.once('aborted', () => reject(new Error('the connection was closed in the middle of the answer')))
      readBody(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      }, reject)
    })
    request.end(question.body)
  })
}

/** Begins a question without ending it; the caller sends the body, if there is one, and reads the answer. */
export function open(endpoint: Endpoint, question: Question): ClientRequest {
  const options = {
    host: endpoint.host,
    port: endpoint.port,
    method: question.method ?? 'GET',
    path: question.path,
    agent: question.agent ?? false,
    setHost: false,
    headers: { host: hostField(endpoint), ...bodyFields(question), ...question.headers },
    ...(question.from === undefined ? {} : { localAddress: question.from }),
    ...(question.signal === undefined ? {} : { signal: question.signal }),
  }
  const request = endpoint.encrypted
    ? requestEncrypted({
        ...options,
        servername: endpoint.name,
        rejectUnauthorized: false,
      })
    : requestPlain(options)
  const within = question.within ?? 10_000
  const late = setTimeout(() => request.destroy(new Error(`no complete answer within ${within} ms`)), within)
  request.once('close', () => clearTimeout(late))
  return request
}

function hostField({ name, port, encrypted }: Endpoint): string {
  return port === (encrypted ? 443 : 80) ? name : `${name}:${port}`
}

function bodyFields(question: Question): Record<string, string> {
  return question.body === undefined ? {} : { 'content-length': String(question.body.length) }
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    if (length < longestBody) chunks.push(chunk)
    length += chunk.length
  }
  return Buffer.concat(chunks).toString('utf8')
}
