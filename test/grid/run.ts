import { isAbsolute, join } from 'node:path'
import { socketPaths } from '../../src/bundle/places.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { type ServedSite, serveSite } from '../stack/serve-site.ts'
import { contract, endings, type Line, type LineId } from './contract.ts'
import { end } from './end.ts'
import { apps, type Framework } from './frameworks.ts'
import { type Site, siteAt } from './site.ts'

export const ways = ['tcp', 'unix', 'nginx'] as const
export type WayName = (typeof ways)[number]

export type Cell = {
  readonly framework: string
  readonly line: LineId
  readonly way: WayName
  readonly outcome: 'pass' | 'fail' | 'none'
  /** What went wrong, or why it cannot be asked. */
  readonly why: string
}

export type RunOptions = {
  /** The nginx to ask through, from `serveGridSite`; without it that way is left out. */
  readonly site: ServedSite | null
  readonly flags?: readonly string[]
  /** Another Node.js. */
  readonly node?: string
  /** Why a line cannot be asked of a server with these flags; null when it can. */
  readonly without?: (line: LineId, concurrent: boolean) => string | null
}

export type Sites = { readonly tcp: Site; readonly unix: Site; readonly nginx?: Site }

/** An nginx with the generated site for one worker, as the grid needs it. */
export function serveGridSite(): Promise<ServedSite> {
  return serveSite({ name: 'grid', domain: ['localhost'], workers: 1, maxBody: 16 * 1024 * 1024 })
}

/** Asks one framework for the whole contract, over every way. */
export async function runFramework(framework: Framework, options: RunOptions): Promise<readonly Cell[]> {
  await using dir = await tempDir()
  const path = options.site === null ? dir.join('s') : (socketPaths(options.site.answers)[0] ?? '')
  await using server = await startFor(framework, path, options)
  server.claimLog(/failed as told|^\s+at /)
  const sites = sitesOf(server, options.site)
  const cells: Cell[] = []
  const judge = judgement(framework, options)
  for (const way of ways) {
    const site = sites[way]
    if (site === undefined) continue
    for (const line of contract as readonly (Line & { readonly id: LineId })[]) {
      cells.push(await judge(line.id, { way, concurrent: line.concurrent === true, check: () => line.check(site) }))
    }
  }
  const ended = end(server, sites, framework)
  ended.catch(() => {})
  for (const [line, way] of Object.keys(endings).flatMap((line) => ways.map((way) => [line, way] as const))) {
    if (sites[way] === undefined) continue
    const check = async () => (await ended)[line as keyof typeof endings](way)
    cells.push(await judge(line as LineId, { way, concurrent: true, check }))
  }
  return cells
}

type Question = { readonly way: WayName; readonly concurrent: boolean; readonly check: () => Promise<void> }

function judgement(framework: Framework, { without }: RunOptions) {
  return async (line: LineId, { way, concurrent, check }: Question): Promise<Cell> => {
    const cell = { framework: framework.id, line, way }
    const reason = framework.without[line] ?? without?.(line, concurrent) ?? null
    if (reason !== null) return { ...cell, outcome: 'none', why: reason }
    return check().then(
      (): Cell => ({ ...cell, outcome: 'pass', why: '' }),
      (error: Error): Cell => ({ ...cell, outcome: 'fail', why: error.message }),
    )
  }
}

function startFor({ app, env = {} }: Framework, path: string, { flags = [], node }: RunOptions): Promise<Server> {
  return startServer({
    app: isAbsolute(app) ? app : join(apps, app),
    flags: ['--bind', '127.0.0.1:0', '--bind', `unix:${path}`, ...flags],
    env,
    ...(node === undefined ? {} : { node }),
  })
}

function sitesOf(server: Server, site: ServedSite | null): Sites {
  const direct = {
    tcp: siteAt({ target: { port: server.port }, secure: false }),
    unix: siteAt({ target: { socketPath: server.socketPath }, secure: false }),
  }
  return site === null ? direct : { ...direct, nginx: siteAt({ target: { port: site.httpsPort }, secure: true }) }
}
