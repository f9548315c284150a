import { address } from '../kinds/address.ts'
import { optional } from '../kinds/optional.ts'
import { statsdHost } from '../kinds/statsd-host.ts'
import { onOff } from '../kinds/switch.ts'
import { text } from '../kinds/text.ts'
import { type SettingsTable, setting } from '../setting.ts'

const statsdName = text({
  placeholder: 'NAME',
  expects: 'letters, digits, ., _ and -, at most 100 of them',
  problem: (value) => (/^[\w.-]{0,100}$/.test(value) ? null : 'not of that shape'),
})

const statsdTags = text({
  placeholder: 'TAGS',
  expects: 'NAME:VALUE,NAME:VALUE',
  problem: (value) => (/^[^|#\s]{0,500}$/.test(value) ? null : 'a tag holds no |, # or space'),
})

/** What monitoring is told. */
export const metricsSettings = {
  metricsBind: setting({
    section: 'Metrics',
    kind: optional(address),
    default: null,
    synonyms: ['metrics', 'prometheus', 'metricsAddress'],
    summary: 'serve metrics for Prometheus on this address, at /metrics',
    details: `An address of its own, 127.0.0.1:9464 for instance, or a unix socket; never one the application is served on. Off unless set. The master answers, so the numbers are those of all workers, and no counter goes back when a worker is replaced. Anybody who can connect can read them: bind it to this machine or to a private network.`,
    takesEffect: 'restart',
  }),
  statsdHost: setting({
    section: 'Metrics',
    kind: optional(statsdHost),
    default: null,
    synonyms: ['statsd'],
    summary: 'tell a statsd daemon of requests, workers and log records',
    details: `Over UDP or a unix datagram socket, under Gunicorn's names: gunicorn.requests, gunicorn.request.duration, gunicorn.request.status.NNN, gunicorn.workers, gunicorn.log.LEVEL. Sent about once a second, many in a datagram; where there are very many requests, a sample of the durations goes out with its rate. A daemon that is not there costs nothing.`,
    takesEffect: 'restart',
  }),
  statsdPrefix: setting({
    section: 'Metrics',
    kind: statsdName,
    default: '',
    summary: 'put this, and a dot, before each name sent to statsd',
    details: 'To tell several servers apart that use one daemon.',
    takesEffect: 'restart',
  }),
  dogstatsdTags: setting({
    section: 'Metrics',
    kind: statsdTags,
    default: '',
    summary: 'tags for each metric sent to statsd, as DogStatsD reads them',
    details: 'Such as env:production,service:shop. A daemon that knows no tags may refuse lines that have them.',
    takesEffect: 'restart',
  }),
  enableBacklogMetric: setting({
    section: 'Metrics',
    kind: onOff,
    default: false,
    summary: 'tell statsd how many connections wait to be accepted',
    details: 'As gunicorn.backlog. Prometheus is told in any case.',
    takesEffect: 'restart',
  }),
} as const satisfies SettingsTable
