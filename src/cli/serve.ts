import { Failure } from '../contract/errors.ts'
import { type ExitCode, exitCodes } from '../contract/exit-codes.ts'
import { type ServerConfig, serverTable } from '../settings/server-table.ts'
import { availableWorkers } from '../system/cpu-count.ts'
import type { Context, Flags } from './context.ts'
import { formatConfig } from './print-config.ts'
import { refuseOpenInspector } from './refuse-open-inspector.ts'
import { type SettledConfig, settleServerConfig } from './server-config.ts'

/** Serves an application until told to stop, or only says what it would do. Returns the exit status; throws Failure. */
export async function runServe(flags: Flags, context: Context): Promise<ExitCode> {
  refuseOpenInspector()
  const read = createReader(flags, context)
  const settled = await read()
  const { checkConfig, printConfig } = settled.config
  const remarks = remarksOn(settled.config)
  if (printConfig) context.stdout.write(formatConfig(serverTable, { ...settled, remarks }, context.paint))
  if (printConfig && !checkConfig) return exitCodes.ok
  let first: SettledConfig | null = settled
  const load = async () => {
    const next = first ?? (await read())
    first = null
    return { ...requireApp(next.config), provenance: next.provenance }
  }
  const { runMaster } = await import('../arbiter/main.ts')
  const status = await runMaster({ load, checkOnly: checkConfig })
  if (checkConfig && status === exitCodes.ok)
    context.stdout.write('The configuration is valid and the application loads.\n')
  return status
}

/** How many workers auto means here, and why. */
function remarksOn({ workers }: ServerConfig): Readonly<Record<string, string>> {
  if (workers !== 'auto') return {}
  const { count, reason } = availableWorkers()
  return { workers: `${count} on this machine, because of ${reason}` }
}

/** Each reading is a new one, but the config file that was found once has to stay. */
function createReader(flags: Flags, context: Context): () => Promise<SettledConfig> {
  let earlierFile: string | null = null
  const asRoot = process.getuid?.() === 0
  return async () => {
    const settled = await settleServerConfig({ flags, context, asRoot, earlierFile })
    earlierFile = settled.file
    return settled
  }
}

function requireApp(config: ServerConfig): ServerConfig {
  if (config.app !== null) return config
  throw new Failure('USAGE', 'expected an application to serve, got none', {
    fix: 'Name it, as in: tsicorn ./app.js, or set app in a config file. tsicorn --help shows more.',
  })
}
