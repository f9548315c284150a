import { basename, dirname, isAbsolute, relative, resolve } from 'node:path'
import type { Logger } from '../log/logger.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { type Glob, readGlob } from './watch/glob.ts'
import type { Scope } from './watch/scan.ts'
import { SourceWatch } from './watch/source-watch.ts'

/** The longest that an old worker may finish what it began while somebody waits to see a change, in milliseconds. */
const longestGrace = 2000

/**
 * The config as it is meant with --reload: a browser that keeps its connection to the old worker would go on seeing
 * the old code, so that one leaves at once.
 */
export function forDevelopment(config: ServerConfig): ServerConfig {
  if (!config.reload) return config
  return { ...config, drainIdle: 0, gracefulTimeout: Math.min(config.gracefulTimeout, longestGrace) }
}

type Surroundings = {
  readonly config: ServerConfig
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
}

/** Watches the sources where --reload asks for it; null where it does not. */
export function watchSources(
  { config, cwd, env, log }: Surroundings,
  onChange: (paths: readonly string[]) => void,
): { readonly close: () => void } | null {
  if (!config.reload) return null
  if (env['NODE_ENV'] === 'production' || config.env.includes('NODE_ENV=production')) {
    const words =
      '--reload is for development: it watches files, cuts requests short, and waits when the code is broken'
    log.warning({ event: 'reload.in-production' }, `${words}, but NODE_ENV is production`)
  }
  const home = config.chdir ?? cwd
  return new SourceWatch(scopeOf(config, home), {
    onChange: (paths) => onChange(paths.map((path) => nameFrom(home, path))),
    onTrouble: (words) => log.warning({ event: 'reload.watch-trouble' }, words),
  })
}

function scopeOf({ app, config, envFile, reloadExtraFile }: ServerConfig, home: string): Scope {
  const program = resolve(home, (app ?? '').replace(/:[^/:]*$/, ''))
  const isPath = /[./]/.test(app ?? '')
  const roots = isPath && nameFrom(home, program) === program ? [home, dirname(program)] : [home]
  const files = [config, envFile].filter((path) => path !== null)
  const extras: readonly Glob[] = [...files, ...reloadExtraFile].map(readGlob)
  return { roots, extras }
}

/** A path as somebody in the directory would write it, if it is below. */
function nameFrom(home: string, path: string): string {
  const name = relative(home, path)
  return name.startsWith('..') || isAbsolute(name) ? path : name || basename(path)
}
