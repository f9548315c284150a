import type { BundleFile } from '../bundle/bundle-file.ts'
import type { CheckReport } from '../contract/check-report.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { CheckRow, Layer } from './check.ts'
import { openPass } from './check-pass.ts'
import { fileChecks } from './checks/files-table.ts'
import { hostChecks } from './checks/host-table.ts'
import { installedChecks } from './checks/table.ts'
import { filesTarget } from './inspect/files-target.ts'
import { hostReader } from './inspect/host-reader.ts'
import { hostTarget, type OwnPlaces } from './inspect/host-target.ts'
import { createSystemd, type Systemd, unitsAround } from './inspect/systemd.ts'
import { createDisk } from './install/disk.ts'
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
  /** The version of this tsicorn. */
  readonly version: string
  /** Where it is, and the Node.js that runs it. */
  readonly own: OwnPlaces
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
  const surroundings = { order, run, systemd, ...commandsFor(order) }
  return order.layers.map((layer) => makers[layer](surroundings))
}

type Surroundings = {
  readonly order: CheckOrder
  readonly run: Run
  readonly systemd: Systemd | null
  /** Commands that put things right: anew from the answers, from the bundle as it stands, and after a change that was cut off. */
  readonly again: string
  readonly againWith: (flags: readonly string[]) => string
  readonly deploy: string
  readonly recover: string
}

const makers: Readonly<Record<Layer, (surroundings: Surroundings) => LayerRun>> = {
  files: ({ order, run, again, deploy, recover }) => ({
    layer: 'files',
    rows: fileChecks,
    run: (options) => runChecks(fileChecks, filesTarget({ ...order, run, again, deploy, recover }), options),
  }),
  host: ({ order, run, systemd, again, againWith, deploy }) => ({
    layer: 'host',
    rows: hostChecks,
    run: (options) => {
      const { answers, isRoot, version, own } = order
      const reader = hostReader(createDisk('', isRoot))
      const commands = { again, againWith, deploy }
      const host = { answers, isRoot, run, systemd, reader, ...commands, now: new Date(), version, own }
      return runChecks(hostChecks, hostTarget(host), options)
    },
  }),
  live: ({ order, run, systemd, again }) => ({
    layer: 'live',
    rows: installedChecks,
    run: async (options) => {
      const { answers, isRoot } = order
      const pass = await openPass(answers, run)
      try {
        const common = { answers, isRoot, run, systemd, again }
        const target = await installedTarget({ ...common, probePath: pass?.path ?? null })
        return await runChecks(installedChecks, target, options)
      } finally {
        await pass?.close()
      }
    },
  }),
}

type Commands = Pick<Surroundings, 'again' | 'againWith' | 'deploy' | 'recover'>

function commandsFor({ directory, root }: CheckOrder): Commands {
  const where = root === '' ? [] : ['--root', root]
  const deployWith = (flag: string) => commandLine(['tsicorn', 'deploy', directory, flag, ...where])
  const deploy = deployWith('--force')
  const againWith = (flags: readonly string[]) =>
    `${commandLine(['tsicorn', 'init', directory, '--yes', '--force', ...flags])} && ${deploy}`
  return { again: againWith([]), againWith, deploy, recover: deployWith('--recover') }
}
