import { type Endpoint, open } from './client.ts'

export type FirstEvent = {
  /** Milliseconds from the request to the first whole event; null when none came in time. */
  readonly after: number | null
  readonly status: number | null
  /** Whether the stream ended by itself before or with its first event: what a proxy that collects it all does. */
  readonly ended: boolean
}

/** Opens an event stream, waits for its first event, and hangs up. */
export function firstEvent(endpoint: Endpoint, path: string, within: number): Promise<FirstEvent> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    let status: number | null = null
    let received = ''
    const request = open(endpoint, { path, within: within + 1000, headers: { accept: 'text/event-stream' } })
    const finish = (event: FirstEvent) => {
      clearTimeout(late)
      request.destroy()
      resolve(event)
    }
    const late = setTimeout(() => finish({ after: null, status, ended: false }), within)
    request.once('error', (error) => {
      clearTimeout(late)
      reject(error)
    })
    request.once('response', (response) => {
      status = response.statusCode ?? null
      response.on('data', (chunk: Buffer) => {
        received += chunk.toString('utf8')
        if (hasWholeEvent(received)) finish({ after: performance.now() - started, status, ended: response.complete })
      })
      response.once('end', () => finish({ after: null, status, ended: true }))
    })
    request.end()
  })
}

/** An event is a block with a `data:` line, ended by an empty line; comment lines alone are none (HTML, 9.2.5). */
export function hasWholeEvent(text: string): boolean {
  const blocks = text.replace(/\r\n?/g, '\n').split('\n\n').slice(0, -1)
  return blocks.some((block) => block.split('\n').some((line) => line.startsWith('data')))
}
