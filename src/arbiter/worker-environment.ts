import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { Failure } from '../contract/errors.ts'
import type { ServerConfig } from '../settings/server-table.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Set by a supervisor for the master alone, or secrets of its own: no application sees them. */
const mastersOwn = /^(?:NOTIFY_SOCKET|WATCHDOG_(?:USEC|PID)|LISTEN_(?:FDS|PID|FDNAMES)|TSICORN_.*)$/

/**
 * The environment of a worker: the master's, without what is the master's own, then the file of `--env-file`, read now,
 * then the entries of `--env`. Throws Failure CONFIG_UNREADABLE.
 */
export function workerEnvironment(env: Environment, config: Pick<ServerConfig, 'env' | 'envFile'>): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !mastersOwn.test(name))
  const fromFile = config.envFile === null ? {} : readEnvFile(config.envFile)
  return { ...Object.fromEntries(kept), ...fromFile, ...Object.fromEntries(config.env.map(split)) }
}

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (cause) {
    const message = `the environment file cannot be read: ${(cause as Error).message}`
    throw new Failure('CONFIG_UNREADABLE', message, { cause })
  }
}

function split(entry: string): [string, string] {
  const at = entry.indexOf('=')
  return [entry.slice(0, at), entry.slice(at + 1)]
}
