import { duration } from '../kinds/duration.ts'
import { type SettingsTable, setting } from '../setting.ts'

const second = 1000
const day = 24 * 60 * 60 * second

/** How long requests and clients may take. How long workers may take stands with the workers. */
export const timeoutSettings = {
  requestTimeout: setting({
    section: 'Timeouts',
    kind: duration({ min: 0, max: day }),
    default: 0,
    synonyms: ['maxRequestTime', 'harakiri', 'responseTimeout', 'serviceTimeout'],
    summary: 'how long the application may leave a complete request without progress; 0 is for ever',
    details: `Counted from the last byte of the request to the first of the answer, and then from each part of the answer to the next. A client without any answer so far gets 503; an answer that has begun is cut off, so that the client can tell. The request is logged once, with its method, path and age, and its abort signal fires in a fetch handler; the worker serves on.

As long as an answer goes on it may take as long as it likes: a long download, or an event stream that says something (a comment will do) within the time. So proxies count too, such as nginx with proxy_read_timeout. Uploads are the matter of bodyTimeout, and connections that were taken over, such as WebSockets, are not counted. An application that computes without a pause is the matter of timeout: it cannot be told anything.`,
    takesEffect: 'reload',
  }),
  headerTimeout: setting({
    section: 'Timeouts',
    kind: duration({ min: second, max: day }),
    default: 80 * second,
    synonyms: ['headersTimeout', 'clientHeaderTimeout', 'requestHeadersTimeout'],
    summary: 'how long a client may take to send the head of a request',
    details: `From its first byte to the empty line, or from the begin of a new connection; then the client gets 408 and the connection is closed. It is longer than keepAlive, so that a connection that a proxy opened in advance is kept as long as any other; where only keepAlive is raised, this goes with it. For clients without a proxy both may be short, such as 10 and 5 seconds.

A stricter headersTimeout or requestTimeout that the application set on its own http.Server stays. That of Node, which cuts off every request after five minutes however well it goes, does not.`,
    takesEffect: 'reload',
  }),
  bodyTimeout: setting({
    section: 'Timeouts',
    kind: duration({ min: 0, max: day }),
    default: 60 * second,
    synonyms: ['clientBodyTimeout', 'uploadTimeout', 'readTimeout'],
    summary: 'how long a client may be silent while it sends the body of a request; 0 is for ever',
    details: `The time between two parts of the body, not for the whole upload, which may take as long as it goes on. A silent client gets 408, or is cut off when its answer has begun, and the connection is closed. A client that waits for the application to read does not count as silent.`,
    takesEffect: 'reload',
  }),
  sendTimeout: setting({
    section: 'Timeouts',
    kind: duration({ min: 0, max: day }),
    default: 60 * second,
    synonyms: ['clientSendTimeout', 'writeTimeout'],
    summary: 'how long a client may take nothing of its answer; 0 is for ever',
    details: `The time between two parts that the client takes, not for the whole answer, which may take as long as it goes on. Then the connection is cut, and what the application still writes goes nowhere. Proxies of forwardedAllowIps are waited for: nginx takes nothing more while a slow client downloads what it has buffered, and limits clients itself (send_timeout).`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
