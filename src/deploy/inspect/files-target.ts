import { readdirSync } from 'node:fs'
import { posix } from 'node:path'
import type { BundleFile } from '../../bundle/bundle-file.ts'
import { placesOf } from '../../bundle/places.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { createDisk, type Disk } from '../install/disk.ts'
import type { Run } from '../install/run-command.ts'
import { textOf } from '../install/wanted.ts'
import type { NginxFiles } from './nginx-tree.ts'
import type { Setup } from './setup.ts'
import { type SetupFiles, setupFrom } from './setup-from-files.ts'
import { type ToolWords, tryInstalled } from './try-installed.ts'

export type FilesOrder = {
  readonly answers: SiteAnswers
  /** The files of the bundle as they stand in the project. */
  readonly files: readonly BundleFile[]
  /** Empty for this host, or a staging directory. */
  readonly root: string
  readonly isRoot: boolean
  readonly path: string
  readonly run: Run
  /** Commands that put things right: from the bundle, anew from the answers, and after a change that was cut off. */
  readonly deploy: string
  readonly again: string
  readonly recover: string
}

/** The files of a site as they stand on a host or below a staging directory. Nothing that runs is asked. */
export type FilesTarget = FilesOrder & {
  readonly disk: Disk
  readonly text: (path: string) => string | null
  readonly setup: () => Promise<Setup>
  /** What the programs that read the files say against them; asked once, all at the same time. */
  readonly tools: () => Promise<ToolWords>
}

/** Looks at nothing before it is asked. */
export function filesTarget(order: FilesOrder): FilesTarget {
  const disk = createDisk(order.root, order.isRoot)
  const text = (path: string) => textOf(disk.look(path))
  let trying: Promise<ToolWords> | null = null
  let reading: Promise<Setup> | null = null
  return {
    ...order,
    ...{ disk, text },
    setup: () => {
      reading ??= Promise.resolve().then(() => setupFrom({ ...order, text, ...partsOf(order, text) }))
      return reading
    },
    tools: () => {
      trying ??= tryInstalled({ ...order, text, ...partsOf(order, text) })
      return trying
    },
  }
}

type Read = (path: string) => string | null

function partsOf(order: FilesOrder, text: Read): Pick<SetupFiles, 'nginxFiles' | 'units'> {
  return { nginxFiles: nginxFilesOf(order, text), units: unitFilesOf(order, text) }
}

/** The site's file and all below its own directory. */
function nginxFilesOf({ answers, root }: FilesOrder, text: Read): NginxFiles {
  const paths = [placesOf(answers).siteFile, ...below(root, answers.nginxDirectory)]
  return new Map(paths.flatMap((path) => pair(path, text(path))))
}

/** Both units with their drop-ins after them, by path. */
function unitFilesOf({ answers, root }: FilesOrder, text: Read): readonly (readonly [string, string])[] {
  const paths = ['service', 'socket'].flatMap((kind) => {
    const unit = `/etc/systemd/system/${answers.name}.${kind}`
    return [unit, ...below(root, `${unit}.d`).filter((path) => path.endsWith('.conf'))]
  })
  return paths.flatMap((path) => pair(path, text(path)))
}

function pair(path: string, content: string | null): readonly (readonly [string, string])[] {
  return content === null ? [] : [[path, content]]
}

function below(root: string, folder: string): readonly string[] {
  try {
    const entries = readdirSync(posix.join(root, folder), { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => posix.join(entry.parentPath, entry.name))
    return files.map((path) => path.slice(root.length)).sort()
  } catch {
    return []
  }
}
