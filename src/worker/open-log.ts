import { type StartOrder, usualOutlets } from '../contract/messages.ts'
import { type OpenLog, openLog } from '../log/open-log.ts'
import { withOutput } from '../log/standard-output.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { redirectOutput } from '../system/redirect-output.ts'

type Order = Pick<StartOrder<ServerConfig>, 'config' | 'worker' | 'outlets'>

/** The worker's log: the same place and the same form as the master's. Throws Failure CONFIG_INVALID. */
export function openWorkerLog(
  { config, worker, outlets = usualOutlets }: Order,
  env: Readonly<Record<string, string | undefined>>,
  thread: number | null,
): OpenLog {
  const { stderr, syslog } = outlets
  const base = { pid: process.pid, worker, ...(thread === null ? {} : { thread }) }
  const opened = openLog({ config, env, owner: null, base, stderr, syslog })
  // What is printed leads to the master where it is captured.
  if (!config.daemon || stderr !== usualOutlets.stderr) return opened
  const output = { file: config.errorLogfile, owner: null, redirect: redirectOutput }
  return { ...opened, log: withOutput(opened.log, output) }
}
