import { choice } from '../kinds/choice.ts'
import { integer } from '../kinds/integer.ts'
import { size } from '../kinds/size.ts'
import { type SettingsTable, setting } from '../setting.ts'

/** What a request may be before it is refused. */
export const limitSettings = {
  limitRequestLine: setting({
    section: 'Limits',
    kind: size({ min: 0, max: 1024 ** 2 }),
    default: 4094,
    synonyms: ['maxUrlLength', 'maxRequestLine'],
    summary: 'the longest request line, in bytes; 0 for no limit of its own',
    details: `Method, target and version with the spaces between. A longer one is answered with 414. What is larger than the whole head may be is refused in any case.`,
    takesEffect: 'reload',
  }),
  limitRequestFields: setting({
    section: 'Limits',
    kind: integer({ min: 0, max: 32_768 }),
    default: 100,
    synonyms: ['maxHeadersCount', 'maxHeaders'],
    summary: 'the most header fields of a request; 0 for no limit of its own',
    details: `A request with more is answered with 431. The same holds for trailers.`,
    takesEffect: 'reload',
  }),
  limitRequestFieldSize: setting({
    section: 'Limits',
    kind: size({ min: 0, max: 1024 ** 2 }),
    default: 8190,
    synonyms: ['maxHeaderSize', 'maxHeader'],
    summary: 'the largest header field, in bytes; 0 for no limit of its own',
    details: `Name and value with what stands between and the end of line. A larger one is answered with 431. A whole head may have 48 KiB, or more where these limits ask for it: the longest line and four of the largest fields.`,
    takesEffect: 'reload',
  }),
  limitRequestBody: setting({
    section: 'Limits',
    kind: size({ min: 0, max: 1024 ** 4 }),
    default: 0,
    synonyms: ['maxBody', 'bodyLimit', 'maxBodySize', 'clientMaxBodySize'],
    summary: 'the largest body, such as 10m; 0 for no limit',
    details: `A body that is announced to be larger is answered with 413 before the application hears of it. One whose length is not announced is counted as it comes; at the limit the client gets 413, and the application sees the request end early. A body is never kept in memory here, so without a limit the application decides.`,
    takesEffect: 'reload',
  }),
  workerConnections: setting({
    section: 'Limits',
    kind: integer({ min: 1, max: 1_000_000 }),
    default: 1000,
    synonyms: ['maxConnections'],
    summary: 'the most connections a worker has open at a time',
    details: `When there are as many, the worker accepts no more: the next ones wait in the queue of the socket (backlog) and nobody is turned away. A connection that has waited for two seconds without bringing a whole request head then makes room: it is closed, with 408 where part of one has come. The kept connections of a trusted proxy are spared.`,
    takesEffect: 'reload',
  }),
  headerMap: setting({
    section: 'Limits',
    kind: choice(['drop', 'refuse', 'dangerous']),
    default: 'drop',
    summary: 'what to do with header fields that have an underscore in their name',
    details: `Programs that turn names into variables take X_Forwarded_For for X-Forwarded-For, so a client can slip such a field past a proxy. drop removes them, as nginx does; refuse answers 400; dangerous lets them pass.`,
    takesEffect: 'reload',
  }),
} as const satisfies SettingsTable
