import type { Provenance } from './resolve.ts'
import { accessLogSettings } from './server/access-log.ts'
import { applicationSettings } from './server/application.ts'
import { configurationSettings } from './server/configuration.ts'
import { connectionSettings } from './server/connections.ts'
import { developmentSettings } from './server/development.ts'
import { errorLogSettings } from './server/error-log.ts'
import { healthSettings } from './server/health.ts'
import { hookSettings } from './server/hooks.ts'
import { limitSettings } from './server/limits.ts'
import { listeningSettings } from './server/listening.ts'
import { metricsSettings } from './server/metrics.ts'
import { processSettings } from './server/process.ts'
import { timeoutSettings } from './server/timeouts.ts'
import { http2Settings, tlsSettings } from './server/tls.ts'
import { workerClassSettings } from './server/worker-classes.ts'
import { workerSettings } from './server/workers.ts'
import type { ConfigOf, InputOf, SettingsTable } from './setting.ts'

/** Everything the server obeys, in the order of help and documentation. */
export const serverTable = {
  ...applicationSettings,
  ...listeningSettings,
  ...tlsSettings,
  ...http2Settings,
  ...workerSettings,
  ...workerClassSettings,
  ...connectionSettings,
  ...healthSettings,
  ...limitSettings,
  ...timeoutSettings,
  ...processSettings,
  ...errorLogSettings,
  ...accessLogSettings,
  ...metricsSettings,
  ...developmentSettings,
  ...configurationSettings,
  ...hookSettings,
} as const satisfies SettingsTable

/** The settings of a server, read, checked and frozen. Durations are in milliseconds. */
export type ServerConfig = ConfigOf<typeof serverTable> & {
  readonly script?: ConfigScript
  /** Where each value came from, for who asks the master; workers do without. */
  readonly provenance?: Provenance
}

/** The config file as it was evaluated, for the workers: functions do not cross to them, and the file may change. */
export type ConfigScript = { readonly path: string; readonly text: string }

/** What a config file may hold: `export default { app: './app.js', workers: 4 }`. */
export type ServerSettings = InputOf<typeof serverTable>
