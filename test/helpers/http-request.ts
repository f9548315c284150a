import http from 'node:http'
import https from 'node:https'
import { slowness } from './slowness.ts'

export type Target = { readonly port: number; readonly host?: string } | { readonly socketPath: string }

export type RequestOptions = {
  readonly method?: string
  readonly headers?: http.OutgoingHttpHeaders
  readonly body?: string | Uint8Array
  /** An agent of one's own keeps connections alive; without one each request has its connection. */
  readonly agent?: http.Agent | https.Agent
  /** Speak TLS, trusting any certificate unless told otherwise. */
  readonly tls?: https.RequestOptions | true
  /** Milliseconds of silence after which the request fails. */
  readonly timeout?: number
}

export type Answer = {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly body: string
  readonly bytes: Buffer
  /** The body as JSON; throws when it is not. */
  readonly json: () => unknown
}

/** One request and its whole answer. Rejects when the connection fails before the answer is complete. */
export function request(target: Target, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = open(target, path, options)
    outgoing.on('error', reject)
    outgoing.on('response', (response) => readAnswer(response).then(resolve, reject))
    outgoing.setTimeout((options.timeout ?? 15_000) * slowness, () =>
      outgoing.destroy(new Error(`no answer to ${path} in time`)),
    )
    outgoing.end(options.body)
  })
}

/** An agent that keeps its connections: `using agent = keepAliveAgent()`. */
export function keepAliveAgent(maxSockets = 1): http.Agent & Disposable {
  const agent = new http.Agent({ keepAlive: true, maxSockets })
  return Object.assign(agent, { [Symbol.dispose]: () => agent.destroy() })
}

function open(target: Target, path: string, options: RequestOptions): http.ClientRequest {
  const where = 'socketPath' in target ? target : { host: target.host ?? '127.0.0.1', port: target.port }
  const { method = 'GET', headers = {}, body, agent = false, tls } = options
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const common = { ...where, path, method, agent, headers: { ...length, ...headers } }
  if (tls === undefined) return http.request(common)
  return https.request({ ...common, rejectUnauthorized: false, ...(tls === true ? {} : tls) })
}

async function readAnswer(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const body = bytes.toString('utf8')
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    rawHeaders: response.rawHeaders,
    body,
    bytes,
    json: () => JSON.parse(body),
  }
}
