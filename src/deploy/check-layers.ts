import type { BundleFile } from '../bundle/bundle-file.ts'
import type { CheckReport } from '../contract/check-report.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { CheckRow, Layer } from './check.ts'
import { liveChecks } from './checks/table.ts'
import { createSystemd, type Systemd, unitsAround } from './inspect/systemd.ts'
import { isBooted } from './install/read-host.ts'
import { commandLine, createRunner, type Run } from './install/run-command.ts'
import { installedTarget } from './installed-target.ts'
import { type RunOptions, runChecks } from './run-checks.ts'

export type CheckOrder = {
  readonly answers: SiteAnswers
  /** The files of the bundle as they stand in the project. */
  readonly files: readonly BundleFile[]
  /** The project. */
  readonly directory: string
  readonly layers: readonly Layer[]
  /** Empty for this host, or a staging directory. */
  readonly root: string
  readonly isRoot: boolean
  /** Where programs are. */
  readonly path: string
}

/** The checks of one layer, and how to run them. */
export type LayerRun = {
  readonly layer: Layer
  readonly rows: readonly CheckRow[]
  readonly run: (options: RunOptions) => Promise<CheckReport>
}

/** The layers that were asked for, in their order. Nothing is looked at before they are run. */
export function layerRuns(order: CheckOrder): readonly LayerRun[] {
  const run = createRunner(order.path)
  const systemd = isBooted() ? createSystemd(run, unitsAround(order.answers.name)) : null
  const surroundings = { order, run, systemd, again: againFor(order) }
  return order.layers.map((layer) => makers[layer](surroundings))
}

type Surroundings = {
  readonly order: CheckOrder
  readonly run: Run
  readonly systemd: Systemd | null
  readonly again: string
}

const makers: Readonly<Record<Layer, (surroundings: Surroundings) => LayerRun>> = {
  files: () => ({ layer: 'files', rows: [], run: (options) => runChecks([], null, options) }),
  host: () => ({ layer: 'host', rows: [], run: (options) => runChecks([], null, options) }),
  live: ({ order, run, systemd, again }) => ({
    layer: 'live',
    rows: liveChecks,
    run: async (options) => {
      const { answers, isRoot } = order
      const target = await installedTarget({ answers, isRoot, run, systemd, again, probePath: null })
      return runChecks(liveChecks, target, options)
    },
  }),
}

/** Writes the bundle anew from its answers, and puts it in place. */
function againFor({ directory, root }: CheckOrder): string {
  const init = commandLine(['tsicorn', 'init', directory, '--yes', '--force'])
  const where = root === '' ? [] : ['--root', root]
  return `${init} && ${commandLine(['tsicorn', 'deploy', directory, '--force', ...where])}`
}
