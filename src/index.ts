import type { ServerSettings } from './settings/server-table.ts'

export type { Address, ListenerInfo } from './contract/listeners.ts'
export type { DrainOrder, OpenRequest, ServingStats, ServingUnit } from './contract/serving.ts'
export type {
  HookExit,
  HookName,
  HookServer,
  HookStall,
  Hooks,
  HookWorker,
  LogHook,
  LogRecord,
} from './settings/hooks.ts'
export type { ServerConfig, ServerSettings } from './settings/server-table.ts'
export type { WorkerClass, WorkerContext, WorkerLog } from './settings/worker-class.ts'

type Settings = ServerSettings | Promise<ServerSettings>

/** Gives an editor the names and types of the settings: `export default defineConfig({ app: './app.js', workers: 4 })`. */
export function defineConfig<const Config extends Settings | (() => Settings)>(config: Config): Config {
  return config
}
