import { dirname, isAbsolute, join } from 'node:path'
import { socketPaths } from '../../src/bundle/places.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { type ServedSite, serveSite } from '../stack/serve-site.ts'
import type { GridClass } from './classes.ts'
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
  readonly workerClass: GridClass
  /** Another Node.js. */
  readonly node?: string
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
  const gate = options.workerClass.oneAtATime ? dir.join('gate') : null
  await using server = await startFor(framework, { path, gate }, options)
  server.claimLog(/failed as told|^\s+at /)
  const sites = sitesOf(server, gate, options.site)
  const cells: Cell[] = []
  const judge = judgement(framework, options)
  for (const way of ways) {
    const site = sites[way]
    if (site === undefined) continue
    for (const line of contract as readonly (Line & { readonly id: LineId })[]) {
      cells.push(await judge(line.id, { way, check: () => line.check(site) }))
    }
  }
  const ended = end(server, sites, framework)
  ended.catch(() => {})
  for (const [line, way] of Object.keys(endings).flatMap((line) => ways.map((way) => [line, way] as const))) {
    if (sites[way] === undefined) continue
    const check = async () => (await ended)[line as keyof typeof endings](way)
    cells.push(await judge(line as LineId, { way, check }))
  }
  return cells
}

type Question = { readonly way: WayName; readonly check: () => Promise<void> }

function judgement(framework: Framework, { workerClass }: RunOptions) {
  return async (line: LineId, { way, check }: Question): Promise<Cell> => {
    const cell = { framework: framework.id, line, way }
    const reason = reasonAgainst(line, framework, workerClass)
    if (reason !== null) return { ...cell, outcome: 'none', why: reason }
    return check().then(
      (): Cell => ({ ...cell, outcome: 'pass', why: '' }),
      (error: Error): Cell => ({ ...cell, outcome: 'fail', why: error.message }),
    )
  }
}

/** Why a line cannot be asked; null when it can. */
export function reasonAgainst(line: LineId, framework: Framework, workerClass: GridClass): string | null {
  return framework.without[line] ?? workerClass.without[line] ?? null
}

type Paths = { readonly path: string; readonly gate: string | null }

function startFor({ app, env }: Framework, { path, gate }: Paths, options: RunOptions): Promise<Server> {
  const { workerClass, node } = options
  return startServer({
    app: isAbsolute(app) ? app : join(apps, app),
    flags: ['--bind', '127.0.0.1:0', '--bind', `unix:${path}`, ...workerClass.flags],
    // Threads cannot go there by themselves, as what Next builds does.
    ...(isAbsolute(app) && { cwd: dirname(app) }),
    env: { ...env, ...(gate !== null && { GRID_GATE: gate }) },
    ...(node === undefined ? {} : { node }),
  })
}

function sitesOf(server: Server, gate: string | null, site: ServedSite | null): Sites {
  const direct = {
    tcp: siteAt({ target: { port: server.port }, secure: false, gate }),
    unix: siteAt({ target: { socketPath: server.socketPath }, secure: false, gate }),
  }
  return site === null ? direct : { ...direct, nginx: siteAt({ target: { port: site.httpsPort }, secure: true, gate }) }
}
