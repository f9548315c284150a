import { formatAddress } from '../contract/listeners.ts'
import type { Rule } from './resolve.ts'
import { type ServerConfig, serverTable } from './server-table.ts'

const inWords = serverTable.gracefulTimeout.kind.format

/** What must hold between several settings of a server. */
export const serverRules: readonly Rule<ServerConfig>[] = [
  {
    settings: ['certfile', 'keyfile'],
    check: ({ certfile, keyfile }) => {
      if ((certfile === null) === (keyfile === null)) return null
      const missing = certfile === null ? 'certfile' : 'keyfile'
      return { expected: 'certfile and keyfile together', got: `no ${missing}` }
    },
  },
  {
    settings: ['certReqs', 'caCerts', 'certfile'],
    check: ({ certReqs, caCerts, certfile }) => {
      if (certReqs !== 'none' && caCerts === null) return { expected: `caCerts with certReqs ${certReqs}`, got: 'none' }
      if (certReqs === 'none' && caCerts !== null)
        return { expected: 'certReqs optional or required with caCerts', got: 'none' }
      if (certfile === null && caCerts !== null)
        return { expected: 'certfile and keyfile with caCerts', got: 'neither' }
      return null
    },
  },
  {
    settings: ['httpProtocols', 'certfile'],
    check: ({ httpProtocols, certfile }) => {
      if (!httpProtocols.includes('h2') || certfile !== null) return null
      return { expected: 'certfile and keyfile with h2, which is spoken over TLS', got: 'neither' }
    },
  },
  {
    settings: ['drainIdle', 'gracefulTimeout'],
    check: ({ drainIdle, gracefulTimeout }, isGiven) => {
      // The default gives way by itself: the deadline of a drain ends idle connections too.
      if (!isGiven('drainIdle') || drainIdle < gracefulTimeout) return null
      return {
        expected: 'drainIdle to be shorter than gracefulTimeout',
        got: `${inWords(drainIdle)} and ${inWords(gracefulTimeout)}`,
      }
    },
  },
  {
    settings: ['daemon', 'errorLogfile'],
    check: ({ daemon, errorLogfile }) => {
      if (!daemon || errorLogfile !== '-') return null
      return { expected: 'errorLogfile to be a file with daemon', got: 'standard error, which a daemon does not have' }
    },
  },
  {
    settings: ['daemon', 'accessLogfile'],
    check: ({ daemon, accessLogfile }) => {
      if (!daemon || accessLogfile !== '-') return null
      return {
        expected: 'accessLogfile to be a file with daemon',
        got: 'standard output, which a daemon does not have',
      }
    },
  },
  {
    settings: ['daemon', 'reload'],
    check: ({ daemon, reload }) => {
      if (!daemon || !reload) return null
      return {
        expected: 'daemon or reload, not both',
        got: 'a server in the background that waits for somebody to mend the code',
      }
    },
  },
  {
    settings: ['daemon', 'bind'],
    check: ({ daemon, bind }) => {
      if (!daemon || !bind.some((address) => address.kind === 'fd')) return null
      return {
        expected: 'no fd:// address with daemon',
        got: 'one, which a process in the background does not inherit',
      }
    },
  },
  {
    settings: ['headerTimeout', 'keepAlive'],
    check: ({ headerTimeout, keepAlive }, isGiven) => {
      // The default gives way by itself.
      if (!isGiven('headerTimeout') || headerTimeout > keepAlive) return null
      return {
        expected: 'headerTimeout to be longer than keepAlive',
        got: `${inWords(headerTimeout)} and ${inWords(keepAlive)}`,
      }
    },
  },
  {
    settings: ['statusPath', 'healthPath'],
    check: ({ statusPath, healthPath }) => {
      if (statusPath === null || healthPath === null) return null
      const [route = ''] = healthPath.split('?', 1)
      if (![statusPath, `${statusPath}/ready`, `${statusPath}/live`].includes(route)) return null
      return { expected: 'a healthPath that reaches the application', got: `${route}, which the server itself answers` }
    },
  },
  {
    settings: ['statusChecksHealth', 'statusPath', 'healthPath'],
    check: ({ statusChecksHealth, statusPath, healthPath }) => {
      if (!statusChecksHealth || (statusPath !== null && healthPath !== null)) return null
      return { expected: 'statusPath and healthPath with statusChecksHealth', got: 'not both' }
    },
  },
  {
    settings: ['metricsBind', 'bind'],
    check: ({ metricsBind, bind }) => {
      if (metricsBind === null || !bind.some((address) => formatAddress(address) === formatAddress(metricsBind)))
        return null
      return { expected: 'an address of its own for metrics', got: `${formatAddress(metricsBind)} for both` }
    },
  },
  {
    settings: ['reusePort', 'bind'],
    check: ({ reusePort, bind }) => {
      if (!reusePort || !bind.some((address) => address.kind === 'tcp' && address.port === 0)) return null
      return { expected: 'a port of its own with reusePort', got: 'port 0, which would give each worker another one' }
    },
  },
  {
    settings: ['workerClass', 'threads'],
    check: ({ workerClass, threads }, isGiven) => {
      if (workerClass === 'threads') {
        return isGiven('threads') ? null : { expected: 'with the worker class threads, how many', got: 'no threads' }
      }
      if (threads === 1 || !isGiven('workerClass')) return null
      return { expected: 'the worker class threads for more than one thread', got: `${workerClass} and ${threads}` }
    },
  },
]
